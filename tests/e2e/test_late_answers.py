"""Charts, maps and galleries beside the plot show what was asked for last, however late an earlier answer comes."""

import pytest

from tests.e2e.projector_page import ProjectorPage

HOW_TO_DRAW = """async (name) => {
  const urls = performance.getEntriesByType("resource").map(({ name }) => name);
  const index = urls.find((url) => url.endsWith("/index.js"));
  const draw = (await import(index.replace("index.js", `${name}.js`))).default;
  const parent = document.body.appendChild(document.createElement("div"));
  const host = parent.appendChild(document.createElement("div"));
  host.className = `embviz-${name}`;
  const color = { light: "#ff0000", dark: "#ff0000" };
  const bytes = (array) => new Response(array.buffer, { headers: { "content-type": "application/octet-stream" } });
  const draws = {
    axis: (n) => ({
      scores: `/${n}/floats`, sides: `/${n}/ints`, weights: null, marks: [], names: [`from ${n}`, "to"],
    }),
    maps: (n) => ({ items: `/${n}/ints`, maps: [{ title: `map ${n}`, url: `/${n}/floats` }], pinned: null }),
    gallery: (n) => ({
      images: { revision: String(n), urls: [`/${n}/images`], height: 1, width: 1, channels: 1, firsts: null },
      cards: [{ ids: [n], name: "", title: `card ${n}`, caption: "", differs: false }],
      imageSize: 9, columns: 1, cardHeight: 20, isDifference: false, bars: null,
    }),
  };
  const asked = [];
  const fetched = window.fetch;
  window.fetch = (url) => new Promise((answer, refuse) => asked.push({ path: new URL(url).pathname, answer, refuse }));
  const ask = (n) => {
    const data = { ...draws[name](n), count: n, colors: [color, color], pane: "" };
    draw({ data, parentElement: parent, setTriggerValue() {} }, "http://data.test");
  };
  const of = (n) => asked.filter(({ path }) => path.startsWith(`/${n}/`));
  const arrive = async (n) => {
    for (const { path, answer } of of(n)) answer(bytes(new (path.endsWith("ints") ? Int32Array : Float32Array)(2 * n)));
    await settled();
  };
  const fail = async (n) => {
    for (const { refuse } of of(n)) refuse(new Error(`lost ${n}`));
    await settled();
  };
  const settled = () => new Promise((done) => setTimeout(done, 50));
  const done = () => { window.fetch = fetched; parent.remove(); };
  return { host, ask, arrive, fail, done };
}"""


@pytest.mark.parametrize("name", ["axis", "maps", "gallery"])
def test_what_was_asked_for_last_is_shown_whenever_answers_and_errors_come(projector: ProjectorPage, name: str) -> None:
    shown = projector.page.evaluate(
        f"""async (name) => {{
          const {{ host, ask, arrive, fail, done }} = await ({HOW_TO_DRAW})(name);
          const shown = [];
          const look = () => shown.push([host.textContent, host.dataset.drawn ?? ""]);
          ask(1), ask(2);
          if (name !== "gallery") await arrive(2), look(), await arrive(1), look();
          ask(3), ask(4);
          if (name !== "gallery") await arrive(4);
          look(), await fail(3), look();
          done();
          return shown;
        }}""",
        name,
    )
    texts = [text for text, _ in shown]
    assert len(set(map(tuple, shown[-2:]))) == 1 and "4" in texts[-1] and "lost" not in texts[-1]
    if name != "gallery":
        assert shown[0] == shown[1] and "2" in texts[0] and [drawn for _, drawn in shown] == ["2", "2", "4", "4"]
