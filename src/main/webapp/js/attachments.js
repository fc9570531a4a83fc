// Files beside the message: chosen, pasted or dropped, on their way to the server at once, and gone from here when sent.
// What is shown is fetched with the key and put into the page as a blob, which only this page can read.
import { api } from './api.js';
import { h, icon } from './ui.js';

const MOST = 10;
const KEPT = 60;

const blobs = new Map();

/** The address of a picture for this page alone. */
async function blobOf(url) {
  if (!blobs.has(url)) {
    blobs.set(url, api.file(url).then((blob) => URL.createObjectURL(blob)));
    if (blobs.size > KEPT) {
      const [oldest, made] = blobs.entries().next().value;
      blobs.delete(oldest);
      made.then((address) => URL.revokeObjectURL(address), () => {});
    }
  }
  try {
    return await blobs.get(url);
  } catch (error) {
    blobs.delete(url);
    throw error;
  }
}

const isPicture = (file) => (file.mediaType ?? '').startsWith('image/');

/** What a message shows of its files: pictures as they are, everything else to be saved. */
export function fileView(file) {
  const name = file.filename || 'file';
  if (isPicture(file)) {
    const img = h('img', { class: 'file-picture', alt: name, title: name, loading: 'lazy' });
    blobOf(file.url).then(
      (address) => (img.src = address),
      () => img.replaceWith(h('span', { class: 'file-name' }, `${name} cannot be shown`)),
    );
    return img;
  }
  const link = h('button', { type: 'button', class: 'file-name', title: `Save ${name}` }, icon('file'), name);
  link.addEventListener('click', async () => {
    try {
      const a = h('a', { href: await blobOf(file.url), download: name });
      a.click();
    } catch {
      link.disabled = true;
      link.append(' is gone');
    }
  });
  return link;
}

/** For where there is no room to show them. */
export const namesOf = (files) => files.map((f) => f.filename || 'file').join(', ');

export class Attachments {
  #row;
  #items = [];
  #onChange;
  #onProblem;

  constructor({ form, field, row, button, input }, { onChange, onProblem }) {
    this.#row = row;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
    button.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      this.add(input.files);
      input.value = '';
      field.focus();
    });
    field.addEventListener('paste', (e) => {
      if (!e.clipboardData?.files.length) return;
      e.preventDefault();
      this.add(e.clipboardData.files);
    });
    const over = (on) => form.classList.toggle('dropping', on);
    form.addEventListener('dragover', (e) => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      over(true);
    });
    form.addEventListener('dragleave', (e) => !form.contains(e.relatedTarget) && over(false));
    form.addEventListener('drop', (e) => {
      over(false);
      if (!e.dataTransfer?.files.length) return;
      e.preventDefault();
      this.add(e.dataTransfer.files);
    });
  }

  get any() {
    return this.#items.length > 0;
  }

  /** Something is still on its way. */
  get busy() {
    return this.#items.some((item) => !item.kept);
  }

  add(files) {
    for (const file of files) {
      if (this.#items.length >= MOST) {
        this.#onProblem(`A message has ${MOST} files at most.`);
        break;
      }
      this.#upload(file);
    }
  }

  async #upload(file) {
    const name = file.name || 'file';
    const remove = h('button', { type: 'button', class: 'file-remove', 'aria-label': `Remove ${name}` }, icon('close'));
    const el = h('span', { class: 'file busy' }, remove);
    const item = { el, kept: null, address: null };
    if (file.type.startsWith('image/')) {
      item.address = URL.createObjectURL(file);
      el.prepend(h('img', { class: 'file-thumb', src: item.address, alt: name, title: name }));
    } else {
      el.prepend(h('span', { class: 'file-name' }, icon('file'), name));
    }
    remove.addEventListener('click', () => this.#drop(item));
    this.#items.push(item);
    this.#draw();
    try {
      item.kept = await api.upload(file, name);
      el.classList.remove('busy');
    } catch (error) {
      this.#drop(item);
      this.#onProblem(`${name}: ${error.message}`);
    }
    this.#draw();
  }

  #drop(item) {
    this.#items = this.#items.filter((other) => other !== item);
    if (item.address) URL.revokeObjectURL(item.address);
    this.#draw();
  }

  /** What is to be sent, as parts of a message; nothing is left here. */
  take() {
    const taken = this.#items.filter((item) => item.kept).map(({ kept }) => ({ url: kept.url, mediaType: kept.mediaType, filename: kept.filename }));
    for (const item of [...this.#items]) this.#drop(item);
    return taken;
  }

  #draw() {
    this.#row.replaceChildren(...this.#items.map((item) => item.el));
    this.#row.hidden = !this.any;
    this.#onChange();
  }
}
