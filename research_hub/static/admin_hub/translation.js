// The page of a translation: keeps what is typed as a draft, counts characters, and takes Ctrl+Enter for "go on".
// Without this script the buttons do the same.
(() => {
  const WAIT = 1500; // milliseconds after the last key
  const AGAIN = 8000; // after the connection was gone

  function start(form) {
    const told = form.querySelector("#autosave");
    let timer, isUnsaved = false, isSaving = false;

    function later(wait) {
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    }

    function typed() {
      const data = new FormData(form);
      data.set("do", "autosave");
      return data;
    }

    async function save() {
      if (isSaving) return later(WAIT);
      isSaving = true;
      isUnsaved = false;
      told.textContent = form.dataset.saving;
      try {
        const answer = await fetch(form.action, { method: "POST", body: typed() });
        if (answer.status >= 400 && answer.status < 500) told.textContent = form.dataset.refused; // asking again would not help
        else if (answer.ok) tell(await answer.json());
        else throw new Error(answer.status);
      } catch {
        isUnsaved = true;
        told.textContent = form.dataset.failed;
        later(AGAIN);
      }
      isSaving = false;
    }

    function tell({ seen, said }) {
      for (const [field, token] of Object.entries(seen)) {
        const box = form.elements[`${field}-seen`];
        if (box) box.value = token;
      }
      told.textContent = said;
    }

    function changed(event) {
      if (!event.target.closest(".sheet-target")) return;
      isUnsaved = true;
      later(WAIT);
      count(event.target);
    }

    function count(box) {
      const words = form.querySelector(`[data-for="${box.id}"]`);
      if (!words || !box.dataset.budget) return;
      const n = [...box.value].length, most = Number(box.dataset.budget);
      words.textContent = form.dataset.of.replace("{n}", n).replace("{most}", most);
      words.classList.toggle("is-over", n > most);
    }

    // A browser that is closed in the middle of a word still sends what was typed.
    function leave() {
      if (!isUnsaved || document.visibilityState !== "hidden") return;
      isUnsaved = false;
      clearTimeout(timer);
      fetch(form.action, { method: "POST", body: typed(), keepalive: true }).catch(() => { isUnsaved = true; });
    }

    function take(button) {
      const box = document.getElementById(button.dataset.into);
      const editor = box.closest(".prose-editor") && editors.get(box);
      if (editor) editor.commands.insertContent(button.dataset.words);
      else box.setRangeText(button.dataset.words, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      isUnsaved = false;
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      document.getElementById("save-and-next")?.click();
    }, true); // before the rich text editor, for which this is a line break
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-words]");
      if (button) take(button);
    });
    document.addEventListener("visibilitychange", leave);
    form.querySelector("#hint").textContent = form.dataset.hint;
    form.querySelectorAll("[data-budget]").forEach(count);
  }

  const editors = new Map();
  document.addEventListener("prose-editor:ready", (event) => {
    editors.set(event.detail.textarea, event.detail.editor);
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("#translation_form").forEach(start);
  });
})();
