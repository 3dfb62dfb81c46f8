export default function P() {
  return <h1>Stores</h1>;
}
