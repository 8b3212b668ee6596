// Pages tell and take times by the reader's own clock. The browser knows which one that is and says so once, in a
// cookie; assetlib/language.py reads it where the person has chosen no time zone in their account.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const said = `assetlib-zone=${zone}`;
if (zone && !document.cookie.split("; ").includes(said)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${said}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
