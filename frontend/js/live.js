// One polite region speaks for the whole page. A sentence said twice is heard twice.
let waiting;

export function announce(sentence) {
  const region = document.getElementById("live");
  if (!region) return;
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => { region.textContent = sentence; }, 60);
}
