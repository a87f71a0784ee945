// The declaration: "Save & Next" opens when the end of the text was reached and "I agree" is ticked.
// Without this script the whole text stands in the page before the tick box, and the server asks for the tick all the same.

const form = document.querySelector("[data-declaration]");
if (form) {
  const text = form.querySelector("[data-declaration-text]");
  const status = form.querySelector("[data-declaration-status]");
  const agree = form.querySelector("[data-declaration-agree]");
  const next = form.querySelector("[data-declaration-next]");
  let reached = agree.checked;

  // Only with the script does the text become a box of its own; it can be focused, so that the keyboard scrolls it.
  text.classList.add("udgam-scroll");
  text.tabIndex = 0;
  text.setAttribute("role", "region");

  const show = () => {
    agree.disabled = !reached;
    next.disabled = !(reached && agree.checked);
  };
  const say = () => {
    status.textContent = reached ? status.dataset.end : status.dataset.more;
  };
  const look = () => {
    if (reached || text.scrollTop + text.clientHeight < text.scrollHeight - 4) return;
    reached = true;
    say();
    show();
  };
  text.addEventListener("scroll", look, { passive: true });
  window.addEventListener("resize", look);
  agree.addEventListener("change", show);
  say();
  show();
  look();
}
