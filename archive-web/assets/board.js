// Dragging on the board. Each item has a box for its volume and a number for its place; dragging only fills them in,
// so what is sent is the same with and without this script.
"use strict";

const board = document.getElementById("board");
let dragged = null;

function settle(volume) {
  let place = 0;
  for (const item of volume.querySelectorAll("li[data-item]")) {
    place += 1;
    const box = item.querySelector("input[name^=item]");
    const number = item.querySelector("input[name^=place]");
    if (!box || !number) continue;
    box.value = volume.dataset.volume;
    number.value = String(place);
  }
}

if (board) {
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li[draggable]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item);
  });
  board.addEventListener("dragover", (event) => {
    const volume = event.target.closest("section[data-volume]");
    if (!dragged || !volume || volume.classList.contains("fixed")) return;
    event.preventDefault();
    volume.classList.add("over");
  });
  board.addEventListener("dragleave", (event) => {
    event.target.closest("section[data-volume]")?.classList.remove("over");
  });
  board.addEventListener("drop", (event) => {
    const volume = event.target.closest("section[data-volume]");
    if (!dragged || !volume || volume.classList.contains("fixed")) return;
    event.preventDefault();
    volume.classList.remove("over");
    const home = dragged.closest("section[data-volume]");
    const before = event.target.closest("li[data-item]");
    const list = volume.querySelector("ol");
    if (before && before !== dragged) {
      list.insertBefore(dragged, event.offsetY > before.offsetHeight / 2 ? before.nextSibling : before);
    } else if (!before) {
      list.append(dragged);
    }
    dragged.classList.add("moved");
    settle(volume);
    if (home && home !== volume) settle(home);
    const count = board.querySelectorAll("li.moved").length;
    document.getElementById("moved").textContent = `↕ ${count}`;
    dragged = null;
  });
  board.addEventListener("dragend", () => { dragged = null; });
}
