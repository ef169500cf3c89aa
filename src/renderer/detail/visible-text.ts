export { quotedText, visibleText } from '../../core/text/visible-text.ts';
