"""The allow-list: every format that is taken, by its key. What is not here is refused.

`drawn_by` names the part of media that looks inside and draws; "nothing" means kept as a download only.
"""

from typing import NamedTuple

from assetlib.words import say


class Format(NamedTuple):
    """One kind of file."""

    label: str
    """For people: "JPEG"."""

    media_type: str
    family: str
    """image, vector, pdf, video, audio, office, raw, archive, text, other"""

    drawn_by: str
    """picture, svg, pdf, film, office, raw, archive, text, nothing"""

    extensions: tuple[str, ...]
    """Without the dot, lower case."""


FORMATS: dict[str, Format] = {
    "jpeg": Format("JPEG", "image/jpeg", "image", "picture", ("jpg", "jpeg", "jpe", "jfif", "mpo")),
    "png": Format("PNG", "image/png", "image", "picture", ("png", "apng")),
    "gif": Format("GIF", "image/gif", "image", "picture", ("gif",)),
    "webp": Format("WebP", "image/webp", "image", "picture", ("webp",)),
    "tiff": Format("TIFF", "image/tiff", "image", "picture", ("tif", "tiff")),
    "avif": Format("AVIF", "image/avif", "image", "picture", ("avif", "avifs")),
    "heic": Format("HEIC", "image/heic", "image", "picture", ("heic", "heif", "hif")),
    "jp2": Format("JPEG 2000", "image/jp2", "image", "picture", ("jp2", "j2k", "jpx", "jpf", "j2c")),
    "psd": Format("Photoshop", "image/vnd.adobe.photoshop", "image", "picture", ("psd", "psb")),
    "psb": Format(say("Photoshop (large)"), "image/vnd.adobe.photoshop", "image", "nothing", ("psb", "psd")),
    "sgi": Format(say("SGI picture"), "image/sgi", "image", "nothing", ("sgi", "rgb", "bw")),
    "flic": Format(say("FLIC animation"), "video/x-fli", "image", "nothing", ("fli", "flc")),
    "svg": Format("SVG", "image/svg+xml", "vector", "svg", ("svg",)),
    "svgz": Format(say("SVG, packed"), "image/svg+xml", "vector", "svg", ("svgz", "svg")),
    "eps": Format("EPS", "application/postscript", "vector", "nothing", ("eps", "ps", "epsf", "ai")),
    "pdf": Format("PDF", "application/pdf", "pdf", "pdf", ("pdf", "ai")),
    "mp4": Format(say("MP4 film"), "video/mp4", "video", "film", ("mp4", "m4v", "3gp")),
    "mov": Format(say("QuickTime film"), "video/quicktime", "video", "film", ("mov", "qt")),
    "webm": Format(say("WebM film"), "video/webm", "video", "film", ("webm", "mkv")),
    "mkv": Format(say("Matroska film"), "video/x-matroska", "video", "film", ("mkv", "webm")),
    "avi": Format(say("AVI film"), "video/x-msvideo", "video", "film", ("avi",)),
    "m4a": Format(say("M4A sound"), "audio/mp4", "audio", "film", ("m4a", "m4b", "mp4")),
    "mp3": Format(say("MP3 sound"), "audio/mpeg", "audio", "film", ("mp3",)),
    "wav": Format(say("WAV sound"), "audio/wav", "audio", "film", ("wav", "wave")),
    "flac": Format(say("FLAC sound"), "audio/flac", "audio", "film", ("flac",)),
    "ogg": Format("Ogg", "audio/ogg", "audio", "film", ("ogg", "oga", "opus", "ogv")),
    "aiff": Format(say("AIFF sound"), "audio/aiff", "audio", "film", ("aif", "aiff")),
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "office",
        "office",
        ("docx", "dotx", "docm"),
    ),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "office",
        "office",
        ("xlsx", "xltx", "xlsm"),
    ),
    "pptx": Format(
        "PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "office",
        "office",
        ("pptx", "potx", "pptm", "ppsx"),
    ),
    "odt": Format(
        say("OpenDocument text"), "application/vnd.oasis.opendocument.text", "office", "office", ("odt",)
    ),
    "ods": Format(
        say("OpenDocument table"),
        "application/vnd.oasis.opendocument.spreadsheet",
        "office",
        "office",
        ("ods",),
    ),
    "odp": Format(
        say("OpenDocument slides"),
        "application/vnd.oasis.opendocument.presentation",
        "office",
        "office",
        ("odp",),
    ),
    "ole": Format(
        say("Office (before 2007)"),
        "application/x-ole-storage",
        "office",
        "nothing",
        ("doc", "xls", "ppt", "msg"),
    ),
    "indd": Format("InDesign", "application/x-indesign", "office", "nothing", ("indd", "indt")),
    "idml": Format(
        say("InDesign markup"), "application/vnd.adobe.indesign-idml-package", "office", "nothing", ("idml",)
    ),
    "dng": Format(say("DNG raw"), "image/x-adobe-dng", "raw", "raw", ("dng",)),
    "tiff-raw": Format(
        say("camera raw"),
        "image/x-raw",
        "raw",
        "raw",
        ("cr2", "nef", "arw", "pef", "srw", "nrw", "sr2", "orf", "rw2", "3fr", "iiq", "erf", "mos", "kdc"),
    ),
    "crw": Format(say("Canon raw"), "image/x-canon-crw", "raw", "raw", ("crw",)),
    "mrw": Format(say("Minolta raw"), "image/x-minolta-mrw", "raw", "raw", ("mrw",)),
    "x3f": Format(say("Sigma raw"), "image/x-sigma-x3f", "raw", "raw", ("x3f",)),
    "cr3": Format(say("Canon raw"), "image/x-canon-cr3", "raw", "raw", ("cr3",)),
    "raf": Format(say("Fuji raw"), "image/x-fuji-raf", "raw", "raw", ("raf",)),
    "zip": Format("ZIP", "application/zip", "archive", "archive", ("zip",)),
    "csv": Format(say("CSV table"), "text/csv", "text", "text", ("csv", "tsv")),
    "json": Format("JSON", "application/json", "text", "text", ("json", "geojson")),
    "text": Format(say("Text"), "text/plain", "text", "text", ("txt", "text", "md", "srt", "vtt", "log")),
    "ttf": Format(say("TrueType font"), "font/ttf", "other", "nothing", ("ttf", "ttc")),
    "otf": Format(say("OpenType font"), "font/otf", "other", "nothing", ("otf",)),
    "icc": Format(say("ICC profile"), "application/vnd.iccprofile", "other", "nothing", ("icc", "icm")),
}

RAW_EXTENSIONS = frozenset(FORMATS["tiff-raw"].extensions)
TEXT_EXTENSIONS = {e: key for key in ("csv", "json", "text") for e in FORMATS[key].extensions}

FAMILIES_OF_EXTENSION: dict[str, frozenset[str]] = {}
for _format in FORMATS.values():
    for _extension in _format.extensions:
        FAMILIES_OF_EXTENSION[_extension] = FAMILIES_OF_EXTENSION.get(_extension, frozenset()) | {
            _format.family
        }

FORBIDDEN_NAMES = frozenset(
    {
        ".htaccess",
        ".htpasswd",
        ".user.ini",
        ".ds_store",
        ".env",
        ".netrc",
        ".npmrc",
        ".gitconfig",
        ".bashrc",
        ".profile",
        "desktop.ini",
        "thumbs.db",
        "ehthumbs.db",
        "autorun.inf",
        "web.config",
        "folder.htt",
    }
)
"""Files that a system or a web server reads for itself; they come along with a folder unasked."""
