/* html-validate's recommended rules, but for those that judge how the markup is written and not what it means. */
export default {
  root: true,
  extends: ["html-validate:recommended"],
  elements: ["html5"],
  rules: {
    // Pages are made of templates: what a template leaves out leaves its indentation behind.
    "no-trailing-whitespace": "off",
  },
};
