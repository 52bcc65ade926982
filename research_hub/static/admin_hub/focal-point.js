// The focal point of a picture, clicked on the picture itself, on a file that was just chosen too, with the square that
// is cropped about it beside it. Without this script the two numbers are typed, as they still can be.
(() => {
  const STEP = 1, LEAP = 10; // per cent; the leap with Shift
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const within = (number) => Math.min(100, Math.max(0, Math.round(number) || 0));

  function start(box) {
    const [across, down, file] = [box.dataset.x, box.dataset.y, box.dataset.file].map((id) => document.getElementById(id));
    const stage = box.querySelector(".focal-stage");
    const mark = box.querySelector(".focal-mark");
    const crop = box.querySelector(".focal-crop");
    const help = box.querySelector(".help");
    const stored = stage.querySelector("img");
    const shown = () => stage.querySelector("img, canvas");
    if (!across || !down) return; // who may only look

    function put(x, y) {
      across.value = within(x);
      down.value = within(y);
      draw();
    }

    function draw() {
      const [x, y] = [within(across.value), within(down.value)];
      mark.style.insetInlineStart = `${x}%`;
      mark.style.insetBlockStart = `${y}%`;
      mark.setAttribute("aria-label", mark.dataset.label.replace("{x}", x).replace("{y}", y));
      if (crop.firstChild) crop.firstChild.style.objectPosition = `${x}% ${y}%`;
    }

    // A canvas is copied with what is drawn on it, a picture by its address.
    function copy(picture) {
      const other = picture.cloneNode();
      if (other.getContext && picture.width) other.getContext("2d").drawImage(picture, 0, 0);
      other.alt = "";
      return other;
    }

    function show(picture) {
      shown()?.remove();
      if (picture) {
        stage.prepend(picture);
        crop.replaceChildren(copy(picture));
      }
      mark.hidden = crop.parentElement.hidden = !picture;
      help.textContent = picture ? help.dataset.shown : help.dataset.none;
      draw();
    }

    // Drawn instead of linked to: a content security policy need not allow addresses of files on this machine.
    async function drawn(chosen) {
      const picture = await createImageBitmap(chosen);
      const scale = Math.min(1, 1280 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas;
    }

    async function choose() {
      const [chosen] = file.files;
      let picture = stored;
      try {
        if (chosen) picture = await drawn(chosen);
      } catch {
        picture = null; // no picture; saving says so
      }
      if (file.files[0] === chosen) show(picture);
    }

    stage.addEventListener("click", (event) => {
      const picture = shown();
      if (!picture || event.detail === 0) return; // a button that is pressed by a key is clicked nowhere
      const { left, top, width, height } = picture.getBoundingClientRect();
      put(((event.clientX - left) / width) * 100, ((event.clientY - top) / height) * 100);
      mark.focus();
    });
    mark.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? LEAP : STEP;
      put(within(across.value) + way[0] * step, within(down.value) + way[1] * step);
    });
    for (const number of [across, down]) number.addEventListener("input", draw);
    file?.addEventListener("change", choose);
    show(stored);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".focal-point").forEach(start));
})();
