// A small menu at a button, and the question before something is deleted.
import { h } from './ui.js';

const menu = document.getElementById('menu');
const confirmBox = document.getElementById('confirm');
let opener = null;

export function openMenu(button, entries) {
  closeMenu();
  opener = button;
  menu.replaceChildren(
    ...entries.map(([label, action, tone]) =>
      h('button', { type: 'button', role: 'menuitem', class: tone, onclick: () => {
        closeMenu();
        action();
      } }, label),
    ),
  );
  menu.hidden = false;
  button.setAttribute('aria-expanded', 'true');
  const at = button.getBoundingClientRect();
  const { offsetWidth: w, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(8, Math.min(at.right - w, innerWidth - w - 8))}px`;
  menu.style.top = `${at.bottom + height + 8 > innerHeight ? at.top - height - 4 : at.bottom + 4}px`;
  menu.firstChild.focus();
}

/** Its button was drawn anew. */
export function menuIsAt(button) {
  opener = button;
  button.setAttribute('aria-expanded', 'true');
}

export function closeMenu() {
  if (menu.hidden) return false;
  menu.hidden = true;
  opener?.setAttribute('aria-expanded', 'false');
  if (menu.contains(document.activeElement)) opener?.focus();
  opener = null;
  return true;
}

menu.addEventListener('keydown', (e) => {
  const all = [...menu.children];
  const at = all.indexOf(document.activeElement);
  if (e.key === 'ArrowDown') all[(at + 1) % all.length].focus();
  else if (e.key === 'ArrowUp') all[(at + all.length - 1) % all.length].focus();
  else if (e.key === 'Tab') closeMenu();
  else return;
  e.preventDefault();
});
addEventListener('pointerdown', (e) => {
  if (!menu.contains(e.target) && !opener?.contains(e.target)) closeMenu();
});

/** `yes` is what the button says that does it. */
export function confirmThat(title, text, yes = 'Delete') {
  confirmBox.querySelector('[value=yes]').textContent = yes;
  document.getElementById('confirm-title').textContent = title;
  document.getElementById('confirm-text').textContent = text;
  confirmBox.returnValue = 'no';
  confirmBox.showModal();
  return new Promise((done) => {
    confirmBox.addEventListener('close', () => done(confirmBox.returnValue === 'yes'), { once: true });
  });
}
