// A moment is typed by the clock of whoever types it: how far that is from UTC goes along, and the hint says so.
function say(field) {
  const moment = field.value ? new Date(field.value) : new Date();
  if (Number.isNaN(moment.getTime())) return;
  const minutes = -moment.getTimezoneOffset(); // Of that day: summer time counts.
  const two = (number) => String(number).padStart(2, "0");
  const far = Math.abs(minutes);
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.floor(far / 60))}:${two(far % 60)}`;
  field.form.elements.zone_offset.value = offset;
  document.getElementById(`${field.id}-hint`).textContent = field.dataset.ownTime.replace("{offset}", offset);
}

// Dialogs come anew after an edit in place, so the page is asked each time.
for (const way of ["focusin", "input"]) {
  document.addEventListener(way, (event) => {
    if (event.target.matches("[data-own-time]")) say(event.target);
  });
}
document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("[data-own-time]")) say(field);
}, { capture: true });
document.querySelectorAll("[data-own-time]").forEach(say);
