// Presses “Go on” by itself, as long as there is something to go on with. Without this script somebody presses it.
document.getElementById("go-on")?.querySelector("button").click();
