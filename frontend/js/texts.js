// Sentences come from the page, in the language of the reader. {name} stands for a value.
const texts = {};
for (const source of document.querySelectorAll('script[type="application/json"][id^="texts"]')) {
  Object.assign(texts, JSON.parse(source.textContent));
}

export function text(key, values = {}) {
  const sentence = texts[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const language = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const finer = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

export const number = (value) => numbers.format(value);

/** 1500000 → "1.5 MB": a decimal below 10, none above. */
export function size(bytes) {
  let value = bytes;
  for (const unit of ["B", "kB", "MB", "GB", "TB"]) {
    if (value < 999.5 || unit === "TB") return `${unit !== "B" && value < 9.95 ? finer.format(value) : numbers.format(value)}\u00a0${unit}`;
    value /= 1000;
  }
}
