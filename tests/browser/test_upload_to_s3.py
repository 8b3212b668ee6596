"""Parts go from the browser to a real S3 server by signed addresses, past the web server, over http and TLS.

The addresses come from `scripts/services`.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser import media
from tests.browser.site import Site, empty_site
from tests.browser.visiting import reload_until, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.skipif(
        "ASSETLIB_TEST_S3" not in os.environ,
        reason="no S3 server: run these with scripts/services run -- pytest -m services",
    ),
]


@pytest.fixture(params=["http", "tls"])
def s3_site(request: pytest.FixtureRequest, tmp_path: Path, empty_database_file: Path) -> Iterator[Site]:
    """An installation whose files lie in a bucket of its own."""
    tls = request.param == "tls"
    endpoint = os.environ["ASSETLIB_TEST_S3_TLS" if tls else "ASSETLIB_TEST_S3"]
    keys = (os.environ["ASSETLIB_TEST_S3_ACCESS_KEY"], os.environ["ASSETLIB_TEST_S3_SECRET_KEY"])
    authority = os.environ["ASSETLIB_TEST_S3_CA"] if tls else ""
    bucket = f"browser-{uuid.uuid4().hex}"
    site = empty_site(tmp_path / "home", empty_database_file)
    site.settings = {
        "ASSETLIB_PUBLIC_URL": site.url,
        "ASSETLIB_STORE_KIND": "s3",
        "ASSETLIB_S3_ENDPOINT": endpoint,
        "ASSETLIB_S3_BUCKET": bucket,
        "ASSETLIB_S3_ACCESS_KEY": keys[0],
        "ASSETLIB_S3_SECRET_KEY": keys[1],
        "ASSETLIB_S3_CA_FILE": authority,
    }
    kept = boto3.resource(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        verify=authority or True,
    ).Bucket(bucket)
    kept.create()
    try:
        site.run("migrate")
        site.start("serve")
        site.start("worker")
        yield site
    finally:
        site.stop_all()
        kept.objects.all().delete()
        kept.delete()


def test_the_parts_of_a_file_go_to_the_store_itself(browser: Browser, s3_site: Site, tmp_path: Path) -> None:
    """A file of several parts is examined, drawn, and comes back byte for byte; no part passes the server."""
    large = tmp_path / "headland.tiff"
    large.write_bytes(media.large_tiff(2300))
    endpoint = s3_site.settings["ASSETLIB_S3_ENDPOINT"]
    sent: list[Request] = []
    with visit(browser, s3_site, "contributor", ignore_https_errors=True) as page:
        page.on("request", lambda request: sent.append(request) if request.method == "PUT" else None)
        page.goto(s3_site.url + "/uploads")
        page.locator("upload-queue[data-ready]").wait_for()
        page.locator('input[type="file"][multiple]').set_input_files(large)
        expect(page.locator('.upload-row[data-state="ready"]')).to_have_count(1)
        assert len(sent) == 2
        assert all(request.url.startswith(endpoint + "/") for request in sent)

        page.goto(s3_site.url + "/library")
        reload_until(page, page.locator(".tile a"))
        page.locator(".tile a").first.click()
        page.wait_for_url("**/assets/*")
        with page.expect_download() as had:
            page.locator("[data-download-now]").click()
        kept = had.value.path().read_bytes()
        assert hashlib.sha256(kept).digest() == hashlib.sha256(large.read_bytes()).digest()
