// Finds the signed code in a picture: a photograph, a scanned page, a drawing. The reader of codes wants one code, large and alone, so
// the picture is tried whole first, and then piece by piece, each enlarged, beginning where black and white change most often.

const SIGNED = "UD1:";
const WIDEST_LOOK = 1600;
const PIECE = 1100;
// The piece's side as a part of the picture's longer side, and how many pieces of that size are tried.
const PIECES = [[0.62, 6], [0.34, 14], [0.23, 20], [0.14, 20]];
// Where a computer is slow, the search ends after this time, but not before the likeliest places were looked at.
const SEARCH_MS = 30_000;
const FEWEST_LOOKS = 22;
const MAP_SIDE = 1200;
const BLOCK = 8;

function canvasOf(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  // Paper is white where a picture says nothing.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  return { canvas, pen };
}

// The text of a code in a piece of the picture, drawn so that its longer side has `side` points; empty where there is none.
function codeInPiece(source, [left, top, width, height], side) {
  const scale = side / Math.max(width, height);
  const { canvas, pen } = canvasOf(width * scale, height * scale);
  pen.drawImage(source, left, top, width, height, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" })?.data ?? "";
}

// How often light changes in each block of the picture, across and down; text changes less than a code does.
function changesIn(source, width, height) {
  const scale = Math.min(1, MAP_SIDE / Math.max(width, height));
  const { canvas, pen } = canvasOf(width * scale, height * scale);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const columns = Math.ceil(canvas.width / BLOCK);
  const rows = Math.ceil(canvas.height / BLOCK);
  const across = new Float64Array(columns * rows);
  const down = new Float64Array(columns * rows);
  const light = (x, y) => data[4 * (y * canvas.width + x) + 1];
  for (let y = 1; y < canvas.height; y += 1) {
    for (let x = 1; x < canvas.width; x += 1) {
      const block = Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK);
      across[block] += Math.abs(light(x, y) - light(x - 1, y));
      down[block] += Math.abs(light(x, y) - light(x, y - 1));
    }
  }
  const changes = across.map((one, block) => Math.min(one, down[block]));
  return { changes, columns, rows, step: BLOCK / scale };
}

// The pieces of one size, those with the most changes first. They overlap, so that the code lies whole in one of them.
function piecesOf({ changes, columns, rows, step }, width, height, part) {
  const side = Math.round(part * Math.max(width, height));
  const found = [];
  const stride = side * 0.4;
  for (let top = 0; top === 0 || top < height - side + stride; top += stride) {
    for (let left = 0; left === 0 || left < width - side + stride; left += stride) {
      const place = [Math.max(0, Math.min(left, width - side)), Math.max(0, Math.min(top, height - side)), Math.min(side, width), Math.min(side, height)];
      let sum = 0;
      for (let row = Math.floor(place[1] / step); row < Math.min(rows, (place[1] + place[3]) / step); row += 1)
        for (let column = Math.floor(place[0] / step); column < Math.min(columns, (place[0] + place[2]) / step); column += 1) sum += changes[row * columns + column];
      found.push({ place, sum });
    }
  }
  return found.sort((one, other) => other.sum - one.sum).map((one) => one.place);
}

// The signed code in the picture; where there is none, whatever other code was found, or an empty text.
async function searchedCode(source, width, height) {
  let other = "";
  let looks = 0;
  const until = performance.now() + SEARCH_MS;
  const whole = [0, 0, width, height];
  const longer = Math.max(width, height);
  const tries = function* () {
    for (const side of new Set([Math.min(longer, WIDEST_LOOK), 900])) yield [whole, side];
    const map = changesIn(source, width, height);
    for (const [part, most] of PIECES) for (const piece of piecesOf(map, width, height, part).slice(0, most)) yield [piece, PIECE];
  };
  for (const [piece, side] of tries()) {
    const text = codeInPiece(source, piece, side);
    if (text.startsWith(SIGNED)) return text;
    other ||= text;
    looks += 1;
    if (looks >= FEWEST_LOOKS && performance.now() > until) break;
    // The page stays alive between two looks.
    await new Promise((resume) => setTimeout(resume));
  }
  return other;
}

// A drawing has no points of its own: it is drawn large, as a picture, which can neither run nor fetch anything.
async function openPicture(file) {
  if (file.type !== "image/svg+xml") return createImageBitmap(file);
  const picture = new Image();
  const address = URL.createObjectURL(file);
  try {
    picture.src = address;
    await picture.decode();
    const scale = WIDEST_LOOK / Math.max(picture.naturalWidth, picture.naturalHeight, 1);
    const { canvas, pen } = canvasOf(picture.naturalWidth * scale, picture.naturalHeight * scale);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  } finally {
    URL.revokeObjectURL(address);
  }
}
