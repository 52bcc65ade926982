// A citation can be selected and copied without this file. Where a page may write to the clipboard, each has a button
// that copies it, italics included.

const copy = async (citation) => {
  const words = citation.textContent.trim();
  const flavours = { "text/plain": words, "text/html": citation.innerHTML.trim() };
  const blobs = Object.entries(flavours).map(([type, text]) => [type, new Blob([text], { type })]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
};

for (const button of document.querySelectorAll(".cite button")) {
  if (!window.ClipboardItem || !navigator.clipboard) break; // as over http
  const citation = button.closest("details").querySelector(".citation");
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await copy(citation);
      button.textContent = button.dataset.copied;
      document.getElementById("status").textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(citation); // for the reader to copy
    }
  });
}
