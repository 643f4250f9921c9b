export {
  HEADER_LENGTH,
  MAX_PLAINTEXT_LENGTH,
  ciphertextLength,
  ciphertextRange,
  plaintextLengthOf,
} from './blob-layout.ts';
