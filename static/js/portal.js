/* Small helps. Every page works without this file. */
(function () {
  "use strict";

  /** A menu made of <details>: Esc and a click outside close it. */
  function helpMenus() {
    document.addEventListener("click", (event) => {
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        if (!menu.contains(event.target)) menu.open = false;
      });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        const heldFocus = menu.contains(document.activeElement);
        menu.open = false;
        if (heldFocus) menu.querySelector("summary").focus();
      });
    });
  }

  /** Buttons that only a script can carry out are hidden in the page until now. */
  function showPrintButtons() {
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
  }

  /** The error summary takes focus, so that a screen reader starts there. */
  function focusSummary() {
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  /** A form is sent once, however many times the button is pressed. */
  function sendOnce() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      window.setTimeout(() => delete form.dataset.sent, 5000);
    });
  }

  /** Seconds in the words of the page: "2 minutter", "40 sekunder". */
  function inWords(seconds, words) {
    if (seconds < 60) return words.secondsWords.replace("#", Math.max(0, Math.ceil(seconds / 10) * 10));
    const minutes = Math.ceil(seconds / 60);
    return minutes === 1 ? words.minute : words.minutes.replace("#", minutes);
  }

  /** Warns in time. The server says how much is left; this only counts down, and asks again before it believes itself. */
  function warnBeforeSessionEnds() {
    const box = document.getElementById("session");
    if (!box || !box.showModal) return;
    const { ask, renew, warn, seconds: atFirst } = box.dataset;
    const words = box.querySelector("[data-words]").dataset;
    const part = (name) => box.querySelector(`[data-session-${name}]`);
    const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
    let endsAt = 0;
    let asked = false;

    function setEnd(seconds) {
      endsAt = performance.now() + seconds * 1000;
      part("failed").hidden = true;
      if (seconds <= Number(warn)) return;
      asked = false;
      if (box.open) box.close();
    }

    async function fetchTime(address) {
      try {
        const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
        const left = await answer.json();
        part("stay").hidden = left.can_extend === false;
        part("final").hidden = left.can_extend !== false;
        setEnd(left.seconds);
        if (tabs) tabs.postMessage(left.seconds);
      } catch {
        part("failed").hidden = false;
      }
    }

    async function tick() {
      const seconds = (endsAt - performance.now()) / 1000;
      if (seconds <= Number(warn) && !asked) {
        asked = true;
        await fetchTime(ask);
      } else if (seconds <= 0) {
        window.location.assign(window.location.pathname + window.location.search);
        return;
      } else if (seconds <= Number(warn)) {
        const text = inWords(seconds, words);
        if (part("left").textContent !== text) part("left").textContent = text;
        if (!box.open) box.showModal();
      }
      window.setTimeout(tick, 1000);
    }

    part("stay").addEventListener("click", () => fetchTime(renew));
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      fetchTime(renew);
    });
    if (tabs) tabs.addEventListener("message", (event) => setEnd(event.data));
    setEnd(Number(atFirst));
    tick();
  }

  helpMenus();
  showPrintButtons();
  focusSummary();
  sendOnce();
  warnBeforeSessionEnds();
})();
