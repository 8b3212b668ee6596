// A link that gives so many files only: soon after a download its page says how many are left.
const SOON = 1500;
const left = document.querySelector("[data-left]");

async function countAgain() {
  const answer = await fetch(left.dataset.left);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-left]")?.textContent;
  if (!now || now === left.textContent) return;
  left.textContent = now;
}

if (left) {
  const later = () => setTimeout(countAgain, SOON);
  document.addEventListener("click", (event) => { if (event.target.closest?.('a[href*="/download"]')) later(); });
  document.addEventListener("submit", (event) => { if (event.target.action.endsWith("/packages")) later(); });
}
