/* Counts down how long a time is held. The page says until when by itself; this only adds how long that is. */
(function () {
  "use strict";

  const box = document.querySelector("[data-hold]");
  if (!box) return;
  const left = box.querySelector("[data-hold-left]");
  const over = box.querySelector("[data-hold-over]");
  const endsAt = performance.now() + Number(box.dataset.seconds) * 1000;

  function tick() {
    const seconds = (endsAt - performance.now()) / 1000;
    if (seconds <= 0) {
      left.textContent = "";
      over.hidden = false;
      box.dataset.color = "warning";
      return;
    }
    const minutes = Math.floor(seconds / 60);
    const text = minutes < 1 ? left.dataset.one : left.dataset.many.replace("#", minutes + 1);
    if (left.textContent !== text) left.textContent = text;
    window.setTimeout(tick, 1000);
  }

  tick();
})();
