module coffer.invalid/interop/blazer

go 1.26.0

require github.com/Backblaze/blazer v0.7.2
