// The patterns of the drawing again, as pictures of 2 pixels a point: withheld, missing, unreliable and
// modelled areas are never told by colour alone.
const INK = "#13233a";

const DRAWN = {
  unknown: [24, (pen) => {
    ground(pen, 24);
    for (const at of [6, 18]) dot(pen, at, 3.4, "#66778d");
  }],
  withheld: [26, (pen) => {
    ground(pen, 26);
    line(pen, [[5, 5, 21, 21], [21, 5, 5, 21]], "#46566b", 3);
  }],
  unreliable: [30, (pen) => {
    const across = [[0, 0, 30, 30], [-15, 15, 15, 45], [15, -15, 45, 15]];
    line(pen, across, "#ffffff", 9);
    pen.setLineDash([12.7, 8.5]); // ten dashes fill ten diagonals of the square
    line(pen, across, INK, 4);
  }],
  modelled: [44, (pen) => {
    for (const at of [11, 33]) {
      dot(pen, at, 7.2, INK);
      dot(pen, at, 4.8, "#ffffff");
    }
  }],
  partial: [22, (pen) => {
    const across = [[0, 22, 22, 0], [-11, 11, 11, -11], [11, 33, 33, 11]];
    line(pen, across, "#ffffff", 8);
    line(pen, across, INK, 4);
  }],
};

export const PATTERNS = Object.keys(DRAWN);

export function pictureOf(name) {
  const [size, draw] = DRAWN[name];
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d");
  draw(pen);
  return pen.getImageData(0, 0, size, size);
}

function ground(pen, size) {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, size, size);
}

function dot(pen, at, radius, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(at, at, radius, 0, 2 * Math.PI);
  pen.fill();
}

function line(pen, lines, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  for (const [x, y, toX, toY] of lines) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(toX, toY);
    pen.stroke();
  }
}
