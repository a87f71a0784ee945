// The camera reads a QR code in the browser; a dropped file goes into the file field. Without this script the forms do it all.

const box = document.querySelector("[data-scan]");
if (box) {
  const video = box.querySelector("[data-scan-picture]");
  const status = box.querySelector("[data-scan-status]");
  const [start, stop] = [box.querySelector("[data-scan-start]"), box.querySelector("[data-scan-stop]")];
  const form = document.querySelector("[data-scan-form]");
  const canvas = document.createElement("canvas");
  // Larger pictures take longer to search and are not read better.
  const WIDEST = 1280;
  let stream = null;
  let refused = "";

  const say = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };
  const end = (words) => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
    say(words);
  };

  // Only an address of this very site is followed; any other is named and left alone.
  const take = (text) => {
    if (text.startsWith("UD1:")) {
      end(box.dataset.found);
      form.elements.text.value = text;
      form.requestSubmit();
      return true;
    }
    let address = null;
    try {
      address = new URL(text);
    } catch {
      address = null;
    }
    if (address && address.origin === location.origin && address.pathname.startsWith("/verify/")) {
      end(box.dataset.found);
      location.assign(address.href);
      return true;
    }
    refused = address && /^https?:$/.test(address.protocol) ? box.dataset.other.replace("{place}", () => address.host) : box.dataset.strange;
    return false;
  };

  const look = (read) => {
    if (!stream) return;
    if (video.readyState >= HTMLMediaElement.HAVE_ENOUGH_DATA && video.videoWidth) {
      const scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      const picture = canvas.getContext("2d", { willReadFrequently: true });
      picture.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = picture.getImageData(0, 0, canvas.width, canvas.height);
      const found = read(data, width, height, { inversionAttempts: "dontInvert" });
      if (found?.data && take(found.data)) return;
      say(refused || box.dataset.looking);
    }
    setTimeout(look, 120, read);
  };

  start.addEventListener("click", async () => {
    if (!navigator.mediaDevices?.getUserMedia) {
      say(box.dataset.none);
      return;
    }
    start.hidden = true;
    refused = "";
    say(box.dataset.starting);
    try {
      const { default: read } = await import(box.dataset.reader);
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } });
      video.srcObject = stream;
      video.hidden = stop.hidden = false;
      await video.play();
      stop.focus();
      look(read);
    } catch (error) {
      const words = { NotAllowedError: box.dataset.denied, SecurityError: box.dataset.denied, NotFoundError: box.dataset.none, OverconstrainedError: box.dataset.none };
      end(words[error.name] ?? box.dataset.busy);
      start.focus();
    }
  });
  stop.addEventListener("click", () => {
    end(box.dataset.stopped);
    start.focus();
  });
  // A page that is left must not keep the camera on.
  window.addEventListener("pagehide", () => stream && end(""));
}

const place = document.querySelector("[data-drop]");
if (place) {
  const field = place.querySelector("input[type=file]");
  const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
  place.addEventListener("dragover", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    place.classList.add("verify-drop");
  });
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("verify-drop"));
  place.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    place.querySelector("[data-drop-status]").textContent = place.dataset.dropped.replace("{file}", () => field.files[0].name);
    place.querySelector("button").focus();
  });
}
