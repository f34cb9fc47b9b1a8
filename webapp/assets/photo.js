const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** Shows the picture that was chosen before it is sent, and says at once if it is too large. */
export function previewPhoto(field) {
  const preview = document.getElementById(field.dataset.preview);
  const said = document.getElementById(field.dataset.said);
  let url;
  field.addEventListener("change", () => {
    const [file] = field.files;
    if (url) URL.revokeObjectURL(url);
    url = file && URL.createObjectURL(file);
    preview.hidden = !file;
    if (file) preview.src = url;
    else preview.removeAttribute("src");
    const largest = Number(field.dataset.largest);
    const tooLarge = file && file.size > largest;
    field.setCustomValidity(tooLarge ? `A photo may have at most ${largest / MEGABYTE} MB.` : "");
    said.textContent = file ? `${file.name}, ${inWords(file.size)}` : "";
    if (tooLarge) field.reportValidity();
  });
  preview.addEventListener("error", () => {
    if (!preview.hasAttribute("src")) return;
    preview.hidden = true;
    said.textContent += ": this does not look like a picture";
  });
}

function inWords(bytes) {
  if (bytes >= MEGABYTE) return `${(bytes / MEGABYTE).toFixed(1)} MB`;
  return `${Math.ceil(bytes / KILOBYTE)} KB`;
}
