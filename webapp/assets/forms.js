/** Forms that are sent once, and fields that say how much room is left. */
export function enhanceForms(root) {
  for (const form of root.querySelectorAll('form[method="post"]')) sendOnce(form);
  for (const field of root.querySelectorAll("[data-count]")) countCharacters(field);
}

function sendOnce(form) {
  const button = form.querySelector('[type="submit"]');
  form.addEventListener("submit", (event) => {
    if (button.ariaDisabled === "true") event.preventDefault();
    else button.ariaDisabled = "true";
  });
  // The page may come back as it was left.
  addEventListener("pageshow", () => {
    button.ariaDisabled = null;
  });
}

/** From here on the rest is also said aloud: before, it would only disturb. */
const NEARLY_FULL = 0.9;

function countCharacters(field) {
  const count = document.getElementById(field.dataset.count);
  const show = () => {
    count.textContent = `${field.value.length} of ${field.maxLength} characters`;
    count.ariaLive = field.value.length >= field.maxLength * NEARLY_FULL ? "polite" : "off";
  };
  field.addEventListener("input", show);
  show();
}
