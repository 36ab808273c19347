/* The chat page with a script: sends without reloading, keeps unsent words on a bad line, shows replies as they come.
   Without it the page works as a plain form. Written for the web views of old phones: no modules, no syntax after ES5. */
(function () {
  "use strict";
  var form = document.getElementById("say");
  if (!form || !window.fetch || !window.FormData || !window.JSON || !window.Promise) { return; }
  document.documentElement.className += " js";

  var words = form.dataset;
  var text = document.getElementById("text");
  var log = document.getElementById("log");
  var pending = document.getElementById("pending");
  var pressForm = document.getElementById("press");
  var calm = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var desk = window.matchMedia && window.matchMedia("(hover: hover) and (pointer: fine)").matches;
  var upload = null;
  var inFlight = 0;
  var last = newest();

  function newest() {
    var all = document.querySelectorAll("article[id^=m]");
    var found = 0;
    for (var i = 0; i < all.length; i++) { found = Math.max(found, Number(all[i].id.slice(1)) || 0); }
    return found;
  }

  /* What is kept in the browser may be gone or forbidden: then nothing is kept. */
  function keep(name, value) {
    try {
      if (value) { localStorage.setItem(name, value); } else { localStorage.removeItem(name); }
    } catch (error) { /* a private window */ }
  }
  function kept(name) {
    try { return localStorage.getItem(name) || ""; } catch (error) { return ""; }
  }

  /* --- the talk on the page --- */

  function make(tag, className, content) {
    var one = document.createElement(tag);
    if (className) { one.className = className; }
    if (content) { one.textContent = content; }
    return one;
  }
  function button(label, onclick, className) {
    var one = make("button", "button " + (className || ""), label);
    one.type = "button";
    one.onclick = onclick;
    return one;
  }
  /* The first screen becomes the talk, as the server would have drawn it. */
  function talking() {
    if (/talking/.test(document.body.className)) { return; }
    document.body.className = document.body.className.replace("first", "talking");
    form.parentNode.insertBefore(document.querySelector(".ways"), form);
    text.rows = 1;
    text.placeholder = words.hint;
  }
  function bubble(content) {
    var one = make("article", "msg mine sending");
    one.appendChild(make("p", "by", words.yousaid));
    one.appendChild(make("p", "", content));
    tellState(one, words.sending);
    log.appendChild(one);
    talking();
    return one;
  }
  /* The line under her own words, and the button below it; both are gone once the words are sent. */
  function tellState(one, sentence, again) {
    var old = one.querySelectorAll(".state, button");
    for (var i = 0; i < old.length; i++) { one.removeChild(old[i]); }
    if (!sentence) { return; }
    var state = make("p", "state", sentence);
    if (again) { state.setAttribute("role", "alert"); }
    one.appendChild(state);
    if (again) { one.appendChild(button(words.again, again)); }
  }
  function failed(one, again, because) {
    one.className = "msg mine unsent";
    tellState(one, because || words.failed, again);
  }
  function bring(one, focus) {
    if (one.scrollIntoView) { one.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" }); }
    if (focus) { try { one.focus({ preventScroll: true }); } catch (error) { one.focus(); } }
  }
  function atEnd() {
    return window.innerHeight + window.pageYOffset > document.documentElement.scrollHeight - 360;
  }

  /* Adds what is new, once; gives the first added message. */
  function add(answer) {
    var box = make("div");
    box.innerHTML = answer.html || "";
    var first = null;
    while (box.firstElementChild) {
      var one = box.removeChild(box.firstElementChild);
      if (document.getElementById(one.id)) { continue; }
      if (/\bmine\b/.test(one.className)) { dropWaiting(); }
      log.appendChild(one);
      first = first || one;
    }
    if (first) { talking(); }
    last = Math.max(last, answer.last || 0);
    pending.hidden = !(answer.pending || inFlight);
    if (answer.key) { newKey(answer.key); }
    if (answer.note) { say(answer.note); }
    return first;
  }
  function dropWaiting() {
    var oldest = log.querySelector(".mine.sent, .mine.waiting");
    if (oldest) { oldest.parentNode.removeChild(oldest); }
  }
  function newKey(key) {
    var fields = document.querySelectorAll("input[name=key]");
    for (var i = 0; i < fields.length; i++) { fields[i].value = key; }
  }
  function say(sentence) {
    var one = make("p", "notice warn", sentence);
    one.setAttribute("role", "alert");
    log.appendChild(one);
    bring(one);
  }

  /* --- sending --- */

  function post(parts, onanswer, onfailure) {
    var body = new FormData();
    for (var name in parts) {
      if (parts[name] && parts[name].blob) { body.append(name, parts[name].blob, parts[name].name); } else { body.append(name, parts[name]); }
    }
    body.append("after", String(last));
    var options = { method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" } };
    var stop = window.AbortController ? new AbortController() : null;
    if (stop) { options.signal = stop.signal; }
    var timer = setTimeout(function () { if (stop) { stop.abort(); } }, parts.text || parts.press ? 25000 : 90000);
    inFlight += 1;
    pending.hidden = false;
    fetch("/say", options).then(function (response) {
      return response.json().then(function (answer) { return { ok: response.ok, answer: answer }; });
    }).then(function (got) {
      inFlight -= 1;
      clearTimeout(timer);
      if (got.answer.wipe) { wipe(); return; }
      if (got.ok) { onanswer(got.answer); } else { onfailure(got.answer); }
      pending.hidden = !(got.answer.pending || inFlight);
      hurry();
    }).catch(function () {
      inFlight -= 1;
      clearTimeout(timer);
      pending.hidden = !inFlight;
      onfailure({});
    });
  }

  /* She cleared the talk or left: nothing of it stays, neither here nor behind the back button. */
  function wipe() {
    keep("unsent", "");
    keep("draft", "");
    log.textContent = "";
    location.replace("/");
  }

  /* Words on their way, so that a page closed on a bad line has them still. */
  function unsent() {
    try { return JSON.parse(kept("unsent") || "[]"); } catch (error) { return []; }
  }
  function remember(parts) { keep("unsent", JSON.stringify(unsent().concat({ text: parts.text, key: parts.key }))); }
  function forget(parts) {
    var rest = unsent().filter(function (one) { return one.text !== parts.text; });
    keep("unsent", rest.length ? JSON.stringify(rest) : "");
  }

  function send(parts, shown) {
    var one = shown || bubble(parts.text || (parts.photo ? words.photosent : words.voicesent));
    one.className = "msg mine sending";
    tellState(one, words.sending);
    bring(one);
    if (parts.text && !shown) { remember(parts); }
    post(parts, function (answer) {
      one.className = "msg mine sent";
      tellState(one, "");
      forget(parts);
      var first = add(answer);
      if (answer.repeated && one.parentNode) { log.removeChild(one); }
      if (first) { bring(first); }
    }, function (answer) {
      if (answer.key) { parts.key = answer.key; }
      failed(one, function () { send(parts, one); }, answer.note);
    });
  }

  /* The first words make the page a talk, and the second of two taps lands on what has moved under the finger: the microphone. */
  var sentAt = 0;
  document.addEventListener("click", function (event) {
    var moved = event.target.closest && event.target.closest(".tools, .attach, .ways");
    if (moved && Date.now() - sentAt < 700) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var content = text.value.replace(/^\s+|\s+$/g, "");
    if (!content && !upload) { text.focus(); return; }
    var parts = { key: form.elements.key.value, text: content };
    if (upload) { parts[upload.kind] = upload; }
    sentAt = Date.now();
    text.value = "";
    keep("draft", "");
    choose(null);
    grow();
    if (!desk) { text.blur(); }
    send(parts);
  });

  /* Buttons under messages belong to the little form `press`. */
  document.addEventListener("click", function (event) {
    var pressed = event.target.closest ? event.target.closest("button[form=press]") : null;
    if (!pressed) { return; }
    event.preventDefault();
    if (pressed.getAttribute("aria-busy") === "true") { return; }
    pressed.setAttribute("aria-busy", "true");
    post({ key: pressForm.elements.key.value, press: pressed.value }, function (answer) {
      pressed.removeAttribute("aria-busy");
      var first = add(answer);
      if (first) { bring(first, true); } else { bring(pending); }
    }, function (answer) {
      pressed.removeAttribute("aria-busy");
      if (answer.key) { newKey(answer.key); }
      say(answer.note || words.failed.split("。")[0] + "。");
    });
  });

  text.addEventListener("keydown", function (event) {
    var composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !composing && desk) {
      event.preventDefault();
      document.getElementById("send").click();
    }
  });
  function grow() {
    if (!/talking/.test(document.body.className)) { return; }
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight + 4, 190) + "px";
  }
  text.addEventListener("input", function () {
    keep("draft", text.value);
    grow();
  });
  var ask = document.getElementById("ask");
  if (ask) {
    ask.addEventListener("click", function (event) {
      event.preventDefault();
      text.focus();
    });
  }

  /* --- pictures and voice --- */

  var chosen = document.getElementById("chosen");
  var photoFile = document.getElementById("photo-file");
  var voiceFile = document.getElementById("voice-file");
  var voice = document.getElementById("voice");
  document.querySelector(".tools").hidden = false;

  function choose(what) {
    upload = what;
    chosen.textContent = "";
    chosen.hidden = !what;
    photoFile.value = "";
    voiceFile.value = "";
    if (!what) { return; }
    if (what.kind === "photo" && window.URL && URL.createObjectURL) {
      var look = make("img");
      look.alt = "";
      look.src = URL.createObjectURL(what.blob);
      chosen.appendChild(look);
    }
    chosen.appendChild(make("span", "", what.kind === "photo" ? words.photo : words.voice));
    chosen.appendChild(button(words.drop, function () { choose(null); text.focus(); }, "plain"));
    document.getElementById("send").focus();
  }

  /* A photo of 4 MB takes a minute on a village line; 1,600 pixels are enough to see a rash. */
  function shrink(file, done) {
    var picture = new Image();
    var whole = function () { done({ kind: "photo", blob: file, name: "photo" }); };
    if (!window.URL || !URL.createObjectURL) { whole(); return; }
    var url = URL.createObjectURL(file);
    picture.onerror = whole;
    picture.onload = function () {
      var scale = Math.min(1, 1600 / Math.max(picture.naturalWidth, picture.naturalHeight));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.naturalWidth * scale);
      canvas.height = Math.round(picture.naturalHeight * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      if (!canvas.toBlob) { whole(); return; }
      canvas.toBlob(function (blob) {
        if (blob) { done({ kind: "photo", blob: blob, name: "photo.jpg" }); } else { whole(); }
      }, "image/jpeg", 0.85);
    };
    picture.src = url;
  }
  document.getElementById("photo").addEventListener("click", function () { photoFile.click(); });
  photoFile.addEventListener("change", function () {
    if (photoFile.files[0]) { shrink(photoFile.files[0], choose); }
  });
  voiceFile.addEventListener("change", function () {
    if (voiceFile.files[0]) { choose({ kind: "voice", blob: voiceFile.files[0], name: "voice" }); }
  });

  var recorder = null;
  function label(content) { voice.querySelector("span").textContent = content; }
  function record(stream) {
    var pieces = [];
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = function (event) { if (event.data.size) { pieces.push(event.data); } };
    recorder.onstop = function () {
      stream.getTracks().forEach(function (track) { track.stop(); });
      voice.setAttribute("aria-pressed", "false");
      label(words.record);
      if (pieces.length) { choose({ kind: "voice", blob: new Blob(pieces, { type: pieces[0].type }), name: "voice" }); }
      recorder = null;
    };
    recorder.start();
    setTimeout(function () { if (recorder) { recorder.stop(); } }, 120000);
    voice.setAttribute("aria-pressed", "true");
    label(words.stop);
  }
  function pickVoice(explain) {
    if (explain) {
      form.querySelector(".attach").className = "attach open";
      form.querySelector(".attach").open = true;
      say(words.nomike);
    } else { voiceFile.click(); }
  }
  voice.addEventListener("click", function () {
    if (recorder) { recorder.stop(); return; }
    if (!window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) { pickVoice(false); return; }
    navigator.mediaDevices.getUserMedia({ audio: true }).then(record).catch(function () { pickVoice(true); });
  });

  /* --- what comes by itself: often just after a question, seldom later, never in a hidden page --- */

  var timer = 0;
  var since = Date.now();
  function hurry() { since = Date.now(); plan(); }
  function plan() {
    clearTimeout(timer);
    var quiet = Date.now() - since;
    timer = setTimeout(look, pending.hidden ? (quiet < 120000 ? 4000 : quiet < 900000 ? 10000 : 30000) : 1500);
  }
  function look() {
    if (document.hidden || inFlight) { plan(); return; }
    fetch("/news?after=" + last, { credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (response) {
      if (!response.ok) { throw new Error(String(response.status)); }
      return response.json();
    }).then(function (answer) {
      var near = atEnd();
      var first = add(answer);
      if (first) { if (near) { bring(first); } else { tell(first); } }
      plan();
    }).catch(plan);
  }
  function tell(first) {
    var old = document.querySelector(".more");
    if (old) { old.parentNode.removeChild(old); }
    var pill = button(/\bperson\b/.test(first.className) ? words.reply : words.news, function () { pill.parentNode.removeChild(pill); bring(first, true); }, "main more");
    document.body.appendChild(pill);
  }
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { hurry(); look(); } });
  window.addEventListener("online", function () { hurry(); look(); });

  /* --- what an earlier visit left behind --- */

  if (!text.value) { text.value = kept("draft"); grow(); }
  function inTalk(content) {
    var mine = log.querySelectorAll(".mine p:last-of-type");
    for (var i = 0; i < mine.length; i++) { if (mine[i].textContent === content) { return true; } }
    return false;
  }
  unsent().forEach(function (parts) {
    if (inTalk(parts.text)) { forget(parts); return; }
    var left = bubble(parts.text);
    failed(left, function () { send(parts, left); });
  });
  var end = document.getElementById("end");
  if (end && !location.hash && !document.querySelector(".news, .notice")) { end.scrollIntoView(); }
  plan();
})();
