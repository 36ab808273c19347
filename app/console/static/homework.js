// Recording a comment in the browser, where it can. The recording goes into the form's own file field, so the form stays a form.

const TYPES = ["audio/mp4", "audio/ogg;codecs=opus", "audio/webm;codecs=opus"];

for (const place of document.querySelectorAll("[data-recorder]")) {
  const type = window.MediaRecorder && TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  if (type && navigator.mediaDevices?.getUserMedia) {
    offer(place, type);
  }
}

function offer(place, type) {
  const field = place.querySelector("input[type=file]");
  const heard = document.createElement("audio");
  const button = document.createElement("button");
  let recorder = null;
  heard.controls = true;
  heard.hidden = true;
  button.type = "button";
  button.className = "quiet";
  button.textContent = place.dataset.start;
  place.append(button, heard);

  button.addEventListener("click", async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      button.remove(); // no microphone, or not allowed: a file can still be chosen
      return;
    }
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType: type });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      recorder = null;
      button.textContent = place.dataset.start;
      keep(new Blob(parts, { type }));
    });
    recorder.start();
    button.textContent = place.dataset.stop;
  });

  function keep(recording) {
    const files = new DataTransfer();
    files.items.add(new File([recording], "comment", { type }));
    field.files = files.files;
    heard.src = URL.createObjectURL(recording);
    heard.hidden = false;
  }
}
