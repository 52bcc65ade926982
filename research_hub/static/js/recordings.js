// A recording is a link without this file. Here each that can be played gets a button, and nothing is asked of another
// site before somebody presses it.

for (const box of document.querySelectorAll(".player")) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    const player = document.importNode(box.querySelector("template").content, true).firstElementChild;
    box.replaceChildren(player);
    player.focus();
    document.getElementById("status").textContent = box.dataset.playing;
  });
}
