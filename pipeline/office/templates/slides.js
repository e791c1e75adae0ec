"use strict";
(() => {
  const slides = [...document.querySelectorAll("main > section")];
  const nav = document.querySelector("footer nav");
  const told = nav.querySelector("output");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let at = 0;

  const say = () => {
    told.textContent = told.dataset.of.replace("##", slides.length).replace("#", at + 1);
    for (const button of nav.querySelectorAll("button")) {
      const next = at + Number(button.dataset.step);
      button.disabled = next < 0 || next >= slides.length;
    }
  };
  const go = (place) => {
    at = Math.min(Math.max(place, 0), slides.length - 1);
    slides[at].scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    say();
  };
  const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const inside = event.target.closest("button, a, [role=region]");
    if (event.key in steps && !(inside && inside.matches("[role=region]"))) go(at + steps[event.key]);
    else if (event.key === " " && !inside) go(at + (event.shiftKey ? -1 : 1));
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(slides.length - 1);
    else return;
    event.preventDefault();
  });
  let from = null;
  addEventListener("touchstart", (event) => { from = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
  addEventListener("touchend", (event) => {
    const to = event.changedTouches[0];
    if (!from || event.target.closest(".scroll")) return;
    const across = to.clientX - from.clientX, down = to.clientY - from.clientY;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) go(at + (across < 0 ? 1 : -1));
  }, { passive: true });
  const watch = new IntersectionObserver((seen) => {
    for (const one of seen) {
      if (one.isIntersecting) at = slides.indexOf(one.target);
    }
    say();
  }, { rootMargin: "-50% 0px -50% 0px" });
  for (const slide of slides) watch.observe(slide);
  nav.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) go(at + Number(button.dataset.step));
  });
  nav.hidden = false;
  say();
})();
