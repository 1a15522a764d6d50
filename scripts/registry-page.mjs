/** What one version is in a registry, as HTML: the tag, its index, a manifest for each file, the file itself. */
export function registryPage({ image, tag, index, files }) {
  const created = index.document.annotations['org.opencontainers.image.created'];
  return `<style>
    .version { border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px 20px }
    .head { display: flex; gap: 12px; align-items: center; margin-bottom: 4px }
    .tag { background: #0969da; color: #fff; border-radius: 2em; padding: 2px 12px; font-weight: 600 }
    .kind { color: #59636e; font-size: 13px }
    .digest { font-family: "Liberation Mono", monospace; font-size: 13px; color: #59636e }
    .files { margin: 12px 0 0 10px; border-left: 2px solid #d1d9e0 }
    .file { position: relative; margin: 12px 0 0 24px; border: 1px solid #d1d9e0; border-radius: 6px; padding: 10px 16px; background: #f6f8fa }
    .file::before { content: ""; position: absolute; left: -24px; top: 50%; width: 24px; border-top: 2px solid #d1d9e0 }
    .rows { display: grid; grid-template-columns: 150px 1fr; gap: 2px 12px; font-size: 13px; margin-top: 4px }
    .rows b { font-weight: 400; color: #59636e }
  </style>
  <h2>${text(image)}</h2>
  <div class="version">
    <div class="head"><span class="tag">${text(tag)}</span><span class="kind">image index · ${text(index.document.artifactType)} · created ${text(created)}</span></div>
    <div class="digest">${text(index.digest)}</div>
    <div class="files">${index.document.manifests.map((entry, at) => file(entry, files[at])).join('')}</div>
  </div>`;
}

function file(entry, { digest, document }) {
  const [layer] = document.layers;
  const rows = [
    ['architecture', entry.platform.architecture],
    ['manifest, untagged', short(digest)],
    ['the file itself', `${short(layer.digest)}, ${layer.size.toLocaleString('en')} bytes`],
    ...['description', 'licenses', 'source', 'vendor'].map((key) => [
      key,
      document.annotations[`org.opencontainers.image.${key}`],
    ]),
  ];
  const cells = rows
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `<b>${text(key)}</b><span>${text(value)}</span>`);
  return `<div class="file"><strong>${text(layer.annotations['org.opencontainers.image.title'])}</strong><div class="rows">${cells.join('')}</div></div>`;
}

function short(digest) {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`;
}

function text(value) {
  return String(value).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
