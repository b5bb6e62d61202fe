export type FrontDoorPerson = { id: string; name: string; email: string }

/** The page with one button per person. `returnTo` is where the person was going. */
export function frontDoorPage(people: readonly FrontDoorPerson[], returnTo: string): string {
  const button = ({ id, name, email }: FrontDoorPerson) =>
    `<button name="who" value="${escape(id)}"><b>${escape(name)}</b><span>${escape(email)}</span></button>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Front door</title>
<style>${style}</style>
<main>
  <h1>Who is at the door?</h1>
  <p>This page stands in for your reverse proxy and its login portal. Pick a person: Porchlight will believe it.</p>
  <form method="post" action="/front-door/sign-in">
    <input type="hidden" name="return" value="${escape(returnTo)}">
    ${people.map(button).join('\n    ')}
  </form>
</main>
</html>
`
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}

const style = `
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f7f1e8, #1d1a22) }
  main { max-width: 26rem; padding: 1.5rem }
  h1 { font-size: 1.6rem; margin: 0 }
  button { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; width: 100%; margin: .6rem 0;
    padding: .9rem 1.1rem; font: inherit; border: 1px solid light-dark(#dccdb8, #4a4152); border-radius: .7rem;
    background: light-dark(#fff, #2a2530); color: inherit; cursor: pointer }
  button:hover, button:focus-visible { border-color: #d98a3d; outline: 2px solid #d98a3d }
  span { opacity: .7; font-size: .9rem }`
