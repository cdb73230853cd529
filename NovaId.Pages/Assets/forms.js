// Where nobody takes a form, the browser shows a page of its own, and passwords are gone. So whoever takes a form is asked first whether they
// are there, and the form leaves the page only when they are.
"use strict";
{
  const patience = 2000;

  const isThere = async (address) => {
    try {
      // Whoever reads pages is led to one that says what is wrong; whoever reads JSON is told by the status.
      const answer = await fetch(address, {
        method: "HEAD", headers: { accept: "application/json" }, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(patience),
      });
      return answer.status < 500;
    } catch {
      return false;
    }
  };

  const guard = (form, template) => {
    const hidden = [...form.querySelectorAll("input[type=hidden]")].map((input) => [input, input.value]);
    let [isAsking, isLeaving, notice] = [false, false, null];

    const send = async (leave) => {
      if (isAsking) {
        return;
      }

      isAsking = true;
      const answers = await isThere(form.dataset.ask);
      isAsking = false;
      notice?.remove();
      if (answers) {
        isLeaving = true;
        leave();
        isLeaving = false;
        return;
      }

      // What a script put in for this one time, such as the answer of a passkey, is not sent the next time.
      for (const [input, value] of hidden) {
        input.value = value;
      }
      notice = template.content.firstElementChild.cloneNode(true);
      notice.tabIndex = -1;
      form.prepend(notice);
      notice.focus();
    };

    form.addEventListener("submit", (event) => {
      if (!isLeaving) {
        event.preventDefault();
        send(() => form.requestSubmit(event.submitter));
      }
    });
    // Kratos' script for passkeys sends the form by this, and no event tells.
    form.submit = () => send(() => HTMLFormElement.prototype.submit.call(form));
  };

  // A browser that cannot give up waiting, or send a form as somebody pressed it, sends it as it does without scripts.
  if (AbortSignal.timeout && HTMLFormElement.prototype.requestSubmit) {
    const template = document.querySelector("template[data-unanswered]");
    for (const form of document.querySelectorAll("form[data-ask]")) {
      guard(form, template);
    }
  }
}
