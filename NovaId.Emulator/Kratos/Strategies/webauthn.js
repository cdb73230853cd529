// Passkeys for pages with the forms of a zone. Each function is named by a trigger of a form: it reads the form's hidden data, asks the
// browser, puts the answer into the form's hidden field and sends the form.
"use strict";
(() => {
  if (window.__oryWebAuthnInitialized) {
    return;
  }

  const field = (name) => document.querySelector(`[name="${CSS.escape(name)}"]`);

  const decode = (text) => {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  };

  const encode = (buffer) => {
    const binary = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  const withBytes = (options) => {
    const decoded = { ...options, challenge: decode(options.challenge) };
    if (options.user) {
      decoded.user = { ...options.user, id: decode(options.user.id) };
    }

    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (options[list]) {
        decoded[list] = options[list].map((entry) => ({ ...entry, id: decode(entry.id) }));
      }
    }

    return decoded;
  };

  const withText = (credential) => {
    const response = {};
    for (const name of ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"]) {
      if (credential.response[name]) {
        response[name] = encode(credential.response[name]);
      }
    }

    return JSON.stringify({ id: credential.id, rawId: encode(credential.rawId), type: credential.type, response });
  };

  const send = (input, credential) => {
    input.value = withText(credential);
    input.form.submit();
  };

  const complain = (error) => console.error("The passkey could not be used:", error);

  // One request waits in the background for a choice from the browser's list of names. A button must end it first.
  let waiting;
  const stopWaiting = () => {
    waiting?.abort();
    waiting = undefined;
  };

  const ask = async (challenge, more) =>
    navigator.credentials.get({ publicKey: withBytes(JSON.parse(challenge.value).publicKey), ...more });

  const make = async (publicKey) => navigator.credentials.create({ publicKey: withBytes(publicKey) });

  window.oryPasskeyLoginAutocompleteInit = async () => {
    const [challenge, result] = [field("passkey_challenge"), field("passkey_login")];
    if (!challenge || !result || !field("identifier") || !(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) {
      return;
    }

    stopWaiting();
    waiting = new AbortController();
    try {
      send(result, await ask(challenge, { mediation: "conditional", signal: waiting.signal }));
    } catch (error) {
      if (error.name !== "AbortError") {
        complain(error);
      }
    }
  };

  window.oryPasskeyLogin = async () => {
    const [challenge, result] = [field("passkey_challenge"), field("passkey_login")];
    stopWaiting();
    try {
      send(result, await ask(challenge));
    } catch (error) {
      complain(error);
      await window.oryPasskeyLoginAutocompleteInit();
    }
  };

  window.oryPasskeyRegistration = async () => {
    const [data, result] = [field("passkey_create_data"), field("passkey_register")];
    try {
      const { credentialOptions, displayNameFieldName } = JSON.parse(data.value);
      const name = field(displayNameFieldName)?.value;
      if (name) {
        Object.assign(credentialOptions.publicKey.user, { name, displayName: name });
      }

      send(result, await make(credentialOptions.publicKey));
    } catch (error) {
      complain(error);
    }
  };

  window.oryPasskeySettingsRegistration = async () => {
    const [data, result] = [field("passkey_create_data"), field("passkey_settings_register")];
    try {
      send(result, await make(JSON.parse(data.value).publicKey));
    } catch (error) {
      complain(error);
    }
  };

  window.__oryWebAuthnInitialized = true;
  window.dispatchEvent(new CustomEvent("oryWebAuthnInitialized"));
})();
