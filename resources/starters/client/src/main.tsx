// Rung 2 in a page: start the server, then run npm install and npm start here, and open the printed address.
import { createRoot } from 'react-dom/client';
import { Stream } from './stream.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
// ?url=… opens another stream.
const url = new URLSearchParams(location.search).get('url') ?? 'http://127.0.0.1:8000/rung/2';
createRoot(root).render(<Stream url={url} />);
