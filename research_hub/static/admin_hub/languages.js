// Shows the fields of English, of Spanish, or both side by side. Without this script all are shown.
(() => {
  const KEY = "languages-shown";
  const LANGUAGE_FIELD = /^field-\w+_(en|es)$/;

  function languageOf(box) {
    const name = [...box.classList].find((word) => LANGUAGE_FIELD.test(word));
    return name && name.match(LANGUAGE_FIELD)[1];
  }

  // A line of a form holds a field of each language; what is shown or hidden is the box with its help text.
  function mark(root) {
    const boxes = [...root.querySelectorAll(".fieldBox")].filter(languageOf);
    for (const box of boxes) {
      box.parentElement.dataset.language = languageOf(box);
    }
    return boxes.length > 0;
  }

  // How many texts a language lacks that the other one has, told on its button while it is typed.
  function tellMissing(group) {
    const words = (name) => document.querySelector(`.form-row [name="${name}"]`)?.value.replace(/<[^>]*>/g, "").trim();
    for (const [language, other] of [["en", "es"], ["es", "en"]]) {
      const written = [...document.querySelectorAll(`.form-row [name$="_${other}"]:is(input[type=text], textarea)`)];
      const lacking = written.filter(({ name }) => {
        const twin = words(name.replace(/_(en|es)$/, `_${language}`));
        return twin === "" && words(name) && !name.startsWith("slug_");
      });
      const mark = group.querySelector(`[data-missing="${language}"]`);
      mark.textContent = lacking.length ? group.dataset.empty.replace("{n}", lacking.length) : "";
    }
  }

  function recall() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function remember(choice) {
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // A browser that keeps nothing shows both languages on each visit.
    }
  }

  function show(group, choice) {
    document.documentElement.dataset.languages = choice;
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === choice));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const group = document.querySelector(".language-switch");
    if (!group || !mark(document)) return;
    const known = [...group.querySelectorAll("button")].map((button) => button.dataset.show);
    const stored = recall();
    const hasErrors = document.querySelector("[data-language] .errors, [data-language] .errorlist");
    show(group, known.includes(stored) && !hasErrors ? stored : "both");
    group.hidden = false;
    tellMissing(group);
    document.addEventListener("input", () => tellMissing(group));
    group.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-show]")?.dataset.show;
      if (!choice) return;
      show(group, choice);
      remember(choice);
    });
  });

  document.addEventListener("formset:added", (event) => mark(event.target));

  // The rich text editor names its buttons in English, and draws some of them anew after each change.
  function translate(menu) {
    for (const button of menu.querySelectorAll("button[title]:not([title=''])")) {
      button.title = gettext(button.title);
      button.setAttribute("aria-label", button.title);
    }
    for (const option of menu.querySelectorAll(".prose-menubar__option > *")) {
      option.textContent = gettext(option.textContent);
    }
  }

  // So it does with what can be chosen in its dialogs, which a click opens; what is chosen stays its own word.
  document.addEventListener("click", () => {
    for (const option of document.querySelectorAll("dialog option:not([value])")) {
      option.value = option.textContent;
      option.textContent = gettext(option.textContent);
    }
  });

  // It takes the place of a textarea and takes over neither its language nor its name; its buttons come a moment later.
  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    const box = editor.view.dom;
    if (textarea.lang) box.setAttribute("lang", textarea.lang);
    if (textarea.labels.length) box.setAttribute("aria-label", textarea.labels[0].textContent.replace(/:\s*$/, "").trim());
    editor.on("create", () => {
      const menu = editor.view.dom.previousElementSibling;
      if (!menu?.matches(".prose-menubar")) return;
      translate(menu);
      editor.on("transaction", () => translate(menu));
    });
  });
})();
