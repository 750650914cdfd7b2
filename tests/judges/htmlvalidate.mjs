/* html-validate's recommended rules, and why some of them say nothing here. */
export default {
  root: true,
  extends: ["html-validate:recommended"],
  elements: ["html5"],
  rules: {
    // What a template leaves out leaves its indentation behind; compression makes nothing of it.
    "no-trailing-whitespace": "off",
    // A button without a type submits its form, and that is what ours are for.
    "no-implicit-button-type": "off",
    // Django's widgets say it twice, for readers of the screen that know only one of the two.
    "no-redundant-for": "off",
    // Boxes of one name are one answer with several values.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit"] }],
    // A list may have a name (https://www.w3.org/TR/wai-aria-1.2/#list).
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // An API token is no password of this site: a browser shall neither keep nor make one.
    "autocomplete-password": "off",
  },
};
