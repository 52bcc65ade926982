// The checklist above an entry's form, kept up with what is typed. Without this script it tells of what was saved last.
(() => {
  const WAIT = 1200; // milliseconds after the last key

  function start(list) {
    const form = list.closest("form");
    let timer, asked;

    async function ask() {
      asked?.abort();
      asked = new AbortController();
      const typed = new FormData(form);
      for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
      typed.set("_check", "1");
      try {
        const answer = await fetch(form.action, { method: "POST", body: typed, signal: asked.signal });
        if (answer.ok && answer.headers.has("X-Checklist")) list.innerHTML = await answer.text();
      } catch {
        // The list stays as it was: saving tells the same.
      }
    }

    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    form.addEventListener("change", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      asked?.abort();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-checklist]").forEach(start);
  });
})();
