/* Conveniences only: every page works without this file. No text is written here; words come from data attributes of the page. */
(function () {
  "use strict";

  /* Error summary: focus moves to it, so that it is read first. */
  var summary = document.querySelector(".summary-err");
  if (summary) {
    summary.focus();
  }

  /* "12 selected": <span data-count="{n} selected"> counts the ticked rows of its form; [data-all] ticks the rows of this page. */
  document.querySelectorAll("[data-count]").forEach(function (output) {
    var form = output.closest("form");
    var all = form.querySelector("[data-all]");
    var boxes = "tbody input[type=checkbox]";
    function count() {
      var ticked = form.querySelectorAll(boxes + ":checked").length;
      output.textContent = output.dataset.count.replace("{n}", ticked);
      if (all) {
        all.checked = ticked > 0 && ticked === form.querySelectorAll(boxes).length;
        all.indeterminate = ticked > 0 && !all.checked;
      }
    }
    form.addEventListener("change", function (event) {
      if (event.target === all) {
        form.querySelectorAll(boxes).forEach(function (box) { box.checked = all.checked; });
      }
      count();
    });
    count();
  });

  /* <div hidden data-tick-all> with a nameless checkbox, first in a group of many: ticks them all, or none. */
  document.querySelectorAll("[data-tick-all]").forEach(function (row) {
    var group = row.closest("fieldset");
    var all = row.querySelector("input");
    function boxes(ticked) {
      return group.querySelectorAll("input[name][type=checkbox]" + (ticked ? ":checked" : ""));
    }
    function look() {
      all.checked = boxes().length === boxes(true).length;
      all.indeterminate = !all.checked && boxes(true).length > 0;
    }
    group.addEventListener("change", function (event) {
      if (event.target === all) {
        boxes().forEach(function (box) { box.checked = all.checked; });
      }
      look();
    });
    row.hidden = false;
    look();
  });

  /* Long work: <progress data-poll="url"> asks for {state, done, total, text}, every 2 s at first, at most every 10 s. */
  document.querySelectorAll("progress[data-poll]").forEach(function (bar) {
    var words = document.querySelector("[data-progress-text]");
    var wait = 2000;
    function later() {
      window.setTimeout(ask, wait);
      wait = Math.min(wait * 1.5, 10000);
    }
    function ask() {
      fetch(bar.dataset.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (response) {
          return response.ok ? response.json() : Promise.reject(new Error(response.status));
        })
        .then(function (answer) {
          if (answer.state !== "waiting" && answer.state !== "running") {
            window.location.reload();
            return;
          }
          bar.max = answer.total || 1;
          bar.value = answer.done;
          if (words && answer.text && words.textContent !== answer.text) {
            words.textContent = answer.text;
          }
          later();
        })
        .catch(later);
    }
    later();
  });

  /* A screen others look at: <div data-watch="url" data-version="…"> loads the page anew once {version} differs. */
  document.querySelectorAll("[data-watch]").forEach(function (screen) {
    window.setInterval(function () {
      fetch(screen.dataset.watch, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (response) {
          return response.ok ? response.json() : null;
        })
        .then(function (answer) {
          if (answer && answer.version !== screen.dataset.version) {
            window.location.reload();
          }
        })
        .catch(function () {});
    }, 4000);
  });

  /* Sends a form that was held back; not within the event that held it, where a browser ignores a second one. */
  function sendAgain(form, submitter) {
    window.setTimeout(function () {
      form.requestSubmit(submitter);
    }, 0);
  }

  /* Chosen files: a browser sends them once and gives none back. <input type=file data-session="url"> has the server asked whether
     the page's person is still logged in: when a file was chosen, on coming back to the window, and before the form goes.
     {state: "same", token, back} it goes, with the token of today · else {text, link} is said at the button, and nothing is sent. */
  document.querySelectorAll("form").forEach(function (form) {
    var control = form.querySelector("input[type=file][data-session]");
    if (!control) {
      return;
    }
    var box = null;
    var asking = false;
    var sure = false;

    function chosen() {
      return Array.prototype.some.call(form.querySelectorAll("input[type=file]"), function (input) { return input.files.length; });
    }

    function say(text, tone, link) {
      if (!box) {
        var buttons = form.querySelectorAll(".actions, button:not([type=button]), input[type=submit]");
        var last = buttons[buttons.length - 1];
        box = document.createElement("div");
        box.setAttribute("role", "alert");
        (last.closest(".actions") || last).before(box);
      }
      var words = document.createElement("p");
      words.textContent = text;
      box.className = tone;
      box.replaceChildren(words);
      if (link) {
        var there = document.createElement("a");
        there.href = link.href;
        there.textContent = link.text;
        there.target = "_blank";
        words.append(" ", there);
      }
    }

    /* Whether the form may go; true as well when nobody answers: then the server judges, as without this script. */
    function ask(sending) {
      var late = new AbortController();
      var timer = window.setTimeout(function () { late.abort(); }, 5000);
      return fetch(control.dataset.session, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: late.signal })
        .then(function (response) {
          return response.ok ? response.json() : Promise.reject(new Error(response.status));
        })
        .then(function (answer) {
          if (answer.state !== "same") {
            say(answer.text, "warn", answer.link);
            return false;
          }
          document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (token) {
            token.value = answer.token;
          });
          if (box && !sending) {
            say(answer.back, "ok");
          } else if (box) {
            box.remove();
            box = null;
          }
          return true;
        })
        .catch(function () { return true; })
        .finally(function () { window.clearTimeout(timer); });
    }

    form.addEventListener("change", function (event) {
      if (event.target.type === "file" && chosen()) {
        ask();
      }
    });
    document.addEventListener("visibilitychange", function () {
      if (!document.hidden && chosen()) {
        ask();
      }
    });
    form.addEventListener("submit", function (event) {
      if (sure || !chosen()) {
        sure = false;
        return;
      }
      event.preventDefault();
      if (asking) {
        return;
      }
      asking = true;
      ask(true).then(function (may) {
        asking = false;
        sure = may;
        if (may) {
          sendAgain(form, event.submitter);
        }
      });
    });
  });

  /* Drafts: <form data-autosave="url"> is saved 5 s after the last change and on leaving a field.
     200 {text, version} saved · 409 {text} changed in another window: never overwritten, saving stops · 401, 403 or a redirect: logged out. */
  var drafts = [];
  document.querySelectorAll("form[data-autosave]").forEach(function (form) {
    var status = document.querySelector("[data-saved]");
    var timer = 0;
    var dirty = false;
    var stopped = false;
    /* One save at a time: the next one carries the version the last one got. */
    var flight = Promise.resolve();
    var flying = 0;

    function say(text, bad) {
      if (status && text) {
        status.textContent = text;
        status.classList.toggle("saved-bad", Boolean(bad));
      }
    }

    function save() {
      window.clearTimeout(timer);
      flying += 1;
      flight = flight.then(send).finally(function () {
        flying -= 1;
      });
      return flight;
    }

    function send() {
      if (!dirty || stopped) {
        return null;
      }
      dirty = false;
      var data = new FormData(form);
      /* Files go with the form itself, one at a time. */
      form.querySelectorAll("input[type=file]").forEach(function (input) {
        data.delete(input.name);
      });
      return fetch(form.dataset.autosave, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        keepalive: true,
        redirect: "manual",
        headers: { Accept: "application/json", "X-Requested-With": "autosave" },
      })
        .then(function (response) {
          if (response.status === 409) {
            stopped = true;
            return response.json().then(function (answer) {
              say(answer.text || status.dataset.conflict, true);
            });
          }
          if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
            dirty = true;
            say(status && status.dataset.login, true);
            return null;
          }
          if (!response.ok) {
            throw new Error(response.status);
          }
          return response.json().then(function (answer) {
            var version = form.querySelector("input[name=version]");
            if (version && answer.version !== undefined) {
              version.value = answer.version;
            }
            say(answer.text);
          });
        })
        .catch(function () {
          dirty = true;
          say(status && status.dataset.lost, true);
        });
    }

    form.addEventListener("input", function () {
      dirty = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 5000);
    });
    form.addEventListener("focusout", save);
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) {
        return;
      }
      window.clearTimeout(timer);
      stopped = true;
      if (flying) {
        event.preventDefault();
        flight.finally(function () {
          sendAgain(form, event.submitter);
        });
      }
    });
    drafts.push(save);
  });

  /* Text size, contrast, language: the draft is saved first, then the form goes its way. */
  document.querySelectorAll("form[data-preference]").forEach(function (form) {
    var saved = false;
    form.addEventListener("submit", function (event) {
      if (saved || !drafts.length) {
        return;
      }
      event.preventDefault();
      Promise.all(drafts.map(function (save) { return save(); })).finally(function () {
        saved = true;
        sendAgain(form, event.submitter);
      });
    });
  });

  /* The server's clock: counts on from the time of this page's own answer (header Server-Timing: clock;dur=ms). Where the browser
     took the page from its store, or after a long sleep, the server is asked again. Without any answer the minute stands as it came. */
  document.querySelectorAll("time[data-clock]").forEach(function (place) {
    var HOURS = 8 * 3600000; /* Asia/Shanghai has no summer time */
    var ahead = null;
    var hidden = 0;
    function show() {
      var text = new Date(Date.now() + ahead + HOURS).toISOString();
      place.dateTime = text.slice(0, 19) + "+08:00";
      place.textContent = text.slice(0, 10) + " " + text.slice(11, 19);
    }
    function set(ms, at) {
      var first = ahead === null;
      ahead = ms - at;
      show();
      if (first) {
        window.setInterval(show, 1000);
      }
    }
    function ask() {
      fetch(place.dataset.clock, { cache: "no-store" })
        .then(function (answer) {
          var found = /clock;dur=(\d+)/.exec(answer.headers.get("Server-Timing") || "");
          if (found) {
            set(Number(found[1]), Date.now());
          }
        })
        .catch(function () { /* the time last known goes on */ });
    }
    var page = performance.getEntriesByType("navigation")[0];
    var sent = page && page.type !== "back_forward" && (page.serverTiming || []).filter(function (entry) { return entry.name === "clock"; })[0];
    if (sent) {
      set(sent.duration, performance.timeOrigin + page.responseStart);
    } else {
      ask();
    }
    document.addEventListener("visibilitychange", function () {
      if (document.hidden) {
        hidden = Date.now();
      } else if (Date.now() - hidden > 60000) {
        ask();
      }
    });
  });

  /* Rows: <button data-add="prefix" hidden> puts the <template data-row="prefix"> with the next number behind [data-rows="prefix"]. */
  document.querySelectorAll("[data-add]").forEach(function (button) {
    var prefix = button.dataset.add;
    var rows = document.querySelector('[data-rows="' + prefix + '"]');
    var total = document.getElementById("id_" + prefix + "-TOTAL_FORMS");
    button.hidden = false;
    button.addEventListener("click", function () {
      var row = document.querySelector('template[data-row="' + prefix + '"]').content.cloneNode(true);
      var names = ["id", "name", "for", "aria-describedby"];
      names.forEach(function (name) {
        row.querySelectorAll("[" + name + "]").forEach(function (part) {
          part.setAttribute(name, part.getAttribute(name).replaceAll("__prefix__", total.value));
        });
      });
      total.value = Number(total.value) + 1;
      rows.append(row);
      rows.lastElementChild.querySelector("input:not([type=hidden]), select, textarea").focus();
    });
  });

  /* What a link of this page, or the address itself, leads to stands open. */
  function unfold() {
    var place = document.getElementById(window.location.hash.slice(1));
    document.querySelectorAll("details").forEach(function (part) { part.open = part.open || part.contains(place); });
  }
  unfold();
  window.addEventListener("hashchange", unfold);

  /* <details open data-fold>: on a telephone what stands beside the list on a screen stands before it, and is folded. */
  if (window.matchMedia("(max-width: 56rem)").matches) {
    document.querySelectorAll("details[data-fold]").forEach(function (part) { part.open = false; });
  }

  /* <button data-print hidden>: shown only where it can work. */
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
