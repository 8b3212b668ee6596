// <button data-copy="id"> copies what stands in a field, and says so for a moment.
import { announce } from "./live.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    document.execCommand("copy"); // plain http has no clipboard of its own
  }
  const label = button.querySelector("span");
  label.dataset.before ??= label.textContent;
  label.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { label.textContent = label.dataset.before; }, 2000);
});
