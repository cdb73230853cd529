// Passkeys need a browser's help. Kratos' own script has the functions; this one calls them, and shows what needs them.
"use strict";
{
  const known = new Set([
    "oryWebAuthnLogin", "oryWebAuthnRegistration", "oryPasskeyLogin", "oryPasskeyLoginAutocompleteInit", "oryPasskeyRegistration",
    "oryPasskeySettingsRegistration",
  ]);
  const call = (name) => {
    if (known.has(name) && typeof window[name] === "function") {
      window[name]();
    }
  };
  const begin = () => {
    if (!window.PublicKeyCredential) {
      return;
    }
    for (const part of document.querySelectorAll("[data-needs-script]")) {
      part.hidden = false;
    }
    for (const button of document.querySelectorAll("[data-click-trigger]")) {
      button.addEventListener("click", () => call(button.dataset.clickTrigger));
    }
    for (const input of document.querySelectorAll("[data-load-trigger]")) {
      call(input.dataset.loadTrigger);
    }
  };
  // Kratos' script is loaded on the side: what it offers is there when everything is.
  window.addEventListener("load", begin);
}
