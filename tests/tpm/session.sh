#!/bin/sh
# SPDX-License-Identifier: MIT
# part of: session-host.sh; it runs in a guest as well
# A client's whole day with a TPM 2.0. Every step checks what came out: known
# answers, sums done beside the TPM, refusals for the right reason.
#
# Needs only tpm2 (tpm2-tools) and busybox. The TPM is chosen by TPM2TOOLS_TCTI;
# in a guest /dev/tpm0, for sessions must outlive the program that began them
# (the kernel's /dev/tpmrm0 ends them). The TPM is cleared: never run it on one
# that holds something. EK_MANIFEST names a file with the TPMT_PUBLIC of the
# RSA endorsement key; without it that step fails, unless it is `none`.
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/tpm.XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
case "${EK_MANIFEST:=}" in
/* | none | '') ;;
*) EK_MANIFEST=$PWD/$EK_MANIFEST ;;
esac
cd "$work" || exit 1
steps=0 passed=0
zero32=0000000000000000000000000000000000000000000000000000000000000000

# step NAME COMMAND...: one line; what the command said follows a failure.
step() {
	name=$1
	shift
	steps=$((steps + 1))
	if "$@" >said 2>&1; then
		passed=$((passed + 1))
		echo "ok $steps $name"
	else
		echo "FAILED $steps $name"
		sed 's/^/    /' said
	fi
	flush
}

# Objects and sessions that a tool leaves in the TPM would fill its places, three
# of each. What a tool saved to a file is not among them.
flush() {
	tpm2 flushcontext -t >/dev/null 2>&1
	tpm2 flushcontext -l >/dev/null 2>&1
}

same() {
	[ "$1" = "$2" ] || {
		echo "got '$1', wanted '$2'"
		return 1
	}
}

differ() {
	[ -n "$1" ] && [ -n "$2" ] && [ "$1" != "$2" ] || {
		echo "'$1' and '$2' should differ, and both be something"
		return 1
	}
}

# refused CODE COMMAND...: fails, and the TPM gives this reason.
refused() {
	code=$1
	shift
	if "$@" >out 2>err; then
		echo "was accepted: $*"
		cat out
		return 1
	fi
	grep -Eqi "$code" err || {
		echo "refused, but not for $code:"
		cat err
		return 1
	}
}

# unhex DIGITS: the bytes.
unhex() {
	printf "$(echo "$1" | tr A-F a-f | awk '{
		digits = "0123456789abcdef"
		for (i = 1; i < length($0); i += 2) {
			high = index(digits, substr($0, i, 1)) - 1
			low = index(digits, substr($0, i + 1, 1)) - 1
			printf "\\%03o", high * 16 + low
		}}')"
}

hex() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}

# sum BITS [FILE]: digits of SHA-BITS.
sum() {
	"sha$1sum" ${2:+"$2"} | cut -d' ' -f1
}

# extended BITS OLD DIGEST: what a PCR holds after an extend.
extended() {
	unhex "$2$3" | sum "$1"
}

# pcr BANK NUMBER: its value in small digits.
pcr() {
	tpm2 pcrread "$1:$2" | awk '/0x/ { sub(/.*0x/, ""); print tolower($0) }'
}

property() { # property NAME: its raw value
	tpm2 getcap properties-fixed | awk -v n="$1:" '
		$1 == n { getline; print $2; exit }'
}

name_of() { # name_of CONTEXT: the TPM's name for an object
	tpm2 readpublic -c "$1" -n name >/dev/null && hex name
}

# ---- what it is

printf abc >abc
printf '' >empty
printf 'first message' >message
printf 'first Message' >other
unhex "$zero32" >zeroes
awk 'BEGIN { for (i = 0; i < 1000; i++) printf "%04d\n", i }' >large

startup() { tpm2 startup -c && same "$(property TPM2_PT_FAMILY_INDICATOR)" 0x322E3000; }
step "startup; the family is 2.0" startup
[ $passed = 1 ] || exit 1
step "self test of everything" tpm2 selftest --fulltest
result() { tpm2 gettestresult | grep -q 'status:.*success'; }
step "its result is success" result
step "the manufacturer is the library's" same "$(property TPM2_PT_MANUFACTURER)" 0x49424D00
step "SHA-256 bank has PCRs 0 to 23" same \
	"$(tpm2 getcap pcrs | awk '/sha256:/ { print NF - 4 }')" 24
algorithms() {
	tpm2 getcap algorithms >list || return 1
	for a in rsa ecc aes sha256 sha384 sha512 hmac rsapss ecdsa oaep; do
		grep -q "^$a:" list || { echo "no $a"; return 1; }
	done
}
step "algorithms are there" algorithms
commands() {
	tpm2 getcap commands >list || return 1
	for c in CreatePrimary Quote ActivateCredential PolicyNV NV_Certify; do
		grep -q "TPM2_CC_$c:" list || { echo "no $c"; return 1; }
	done
	[ "$(grep -c '^TPM2_CC_' list)" -ge 100 ]
}
step "a hundred commands are there" commands
curves() {
	tpm2 getcap ecc-curves >list
	grep -q 'P256.*0x3' list && grep -q 'P384.*0x4' list
}
step "curves P-256 and P-384 are there" curves
unknown() {
	unhex 80010000000c00000fff0000 >raw
	tpm2 send -o answer raw || return 1
	# The kernel's resource manager answers with a layer of its own.
	case $(hex answer) in 80010000000a000?0143) ;; *) hex answer; return 1 ;; esac
}
step "an unknown command is refused as such" unknown

# ---- random numbers, digests

length() { same "$(tpm2 getrandom --hex 32 | wc -c | tr -d ' ')" 64; }
step "32 random bytes are 32" length
step "two draws differ" differ "$(tpm2 getrandom --hex 16)" "$(tpm2 getrandom --hex 16)"
step "SHA-256 of abc" same "$(tpm2 hash -C n -g sha256 --hex abc)" \
	ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
step "SHA-384 of abc" same "$(tpm2 hash -C n -g sha384 --hex abc)" \
	cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7
step "SHA-256 of nothing" same "$(tpm2 hash -C n -g sha256 --hex empty)" \
	e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
step "SHA-512 of 5000 bytes, a sequence" same \
	"$(tpm2 hash -C n -g sha512 --hex large)" "$(sum 512 large)"

# ---- platform configuration registers

d1=$(sum 256 abc)
d2=$(sum 256 message)
pcr_reset() { tpm2 pcrreset 16 && same "$(pcr sha256 16)" "$zero32"; }
step "PCR 16 is zero after a reset" pcr_reset
p1=$(extended 256 "$zero32" "$d1")
extend() { tpm2 pcrextend "16:sha256=$d1" && same "$(pcr sha256 16)" "$p1"; }
step "an extend is SHA-256(old, digest)" extend
extend2() {
	tpm2 pcrextend "16:sha256=$d2" &&
		same "$(pcr sha256 16)" "$(extended 256 "$p1" "$d2")"
}
step "so is the second, on top of it" extend2
order() { differ "$(pcr sha256 16)" \
	"$(extended 256 "$(extended 256 "$zero32" "$d2")" "$d1")"; }
step "the order of extends matters" order
# SHA-384(48 zeroes, SHA-384(abc)); busybox has no sha384sum.
sha384_once=93732e3733514a841c982cfa75ea76ab55fe011acb9cd980ef4523913c65be1b0998e04d77f8c174f81a82151619ca40
extend384() {
	tpm2 pcrreset 23 && tpm2 pcrextend "23:sha384=$(tpm2 hash -C n -g sha384 --hex abc)" &&
		same "$(pcr sha384 23)" "$sha384_once"
}
step "the SHA-384 bank counts for itself" extend384
event() {
	old=$(pcr sha256 16)
	tpm2 pcrevent 16 message >list || return 1
	same "$(awk '/sha256:/ { print $2 }' list)" "$d2" &&
		same "$(pcr sha256 16)" "$(extended 256 "$old" "$d2")"
}
step "an event is hashed, then extended" event
step "PCR 0 is not ours to reset" refused 0x907 tpm2 pcrreset 0
step "PCR 16 is zero again" pcr_reset

# ---- keys

owner_key() {
	tpm2 createprimary -Q -C o -G ecc256 -c owner.ctx || return 1
	tpm2 readpublic -Q -c owner.ctx -f tss -o owner.pub -n owner.name || return 1
	tail -c +3 owner.pub >area
	same "$(hex owner.name)" "000b$(sum 256 area)"
}
step "a primary key; its name is the digest of its public area" owner_key
again() {
	tpm2 createprimary -Q -C o -G ecc256 -c again.ctx &&
		same "$(name_of again.ctx)" "$(hex owner.name)"
}
step "the same template gives the same key" again
rsa_key() {
	tpm2 createprimary -Q -C o -G rsa2048 -c storage.ctx || return 1
	differ "$(name_of storage.ctx)" "$(hex owner.name)"
}
step "another gives another" rsa_key

# key NAME ALGORITHM [OPTION...]: created below the owner's key and loaded
key() {
	n=$1 a=$2
	shift 2
	tpm2 create -Q -C owner.ctx -G "$a" -u "$n.pub" -r "$n.priv" "$@" || return 1
	flush
	tpm2 load -Q -C owner.ctx -u "$n.pub" -r "$n.priv" -c "$n.ctx"
	got=$?
	flush
	return $got
}
sign() { # sign KEY SCHEME HASH
	tpm2 sign -Q -c "$1.ctx" -s "$2" -g "$3" -o "$1.sig" message || return 1
	flush
	tpm2 verifysignature -Q -c "$1.ctx" -g "$3" -m message -s "$1.sig"
}
sign_rsa() { key rsa rsa2048:rsassa:null && sign rsa rsassa sha256; }
step "RSA-2048: create, load, sign, verify" sign_rsa
step "RSA: another message is refused" refused 0x2db \
	tpm2 verifysignature -Q -c rsa.ctx -g sha256 -m other -s rsa.sig
tamper() { # tamper FILE: changes its last byte
	size=$(wc -c <"$1")
	head -c $((size - 1)) "$1" >tampered
	case $(tail -c 1 "$1" | od -An -tx1 | tr -d ' ') in
	00) printf '\001' >>tampered ;;
	*) printf '\000' >>tampered ;;
	esac
}
tampered_rsa() {
	tamper rsa.sig
	refused 0x2db tpm2 verifysignature -Q -c rsa.ctx -g sha256 -m message -s tampered
}
step "RSA: a tampered signature is refused" tampered_rsa
sign_ecc() { key ecc ecc256:ecdsa:null && sign ecc ecdsa sha256; }
step "P-256: create, load, sign, verify" sign_ecc
step "P-256: another message is refused" refused 0x2db \
	tpm2 verifysignature -Q -c ecc.ctx -g sha256 -m other -s ecc.sig
tampered_ecc() {
	tamper ecc.sig
	refused 0x2db tpm2 verifysignature -Q -c ecc.ctx -g sha256 -m message -s tampered
}
step "P-256: a tampered signature is refused" tampered_ecc
sign_384() { key big ecc384:ecdsa-sha384:null && sign big ecdsa sha384; }
step "P-384: create, load, sign, verify" sign_384
public_part() {
	tpm2 loadexternal -Q -C n -u ecc.pub -c public.ctx || return 1
	flush
	tpm2 verifysignature -Q -c public.ctx -g sha256 -m message -s ecc.sig || return 1
	flush
	refused 0x12f tpm2 sign -Q -c public.ctx -g sha256 -o none message
}
step "the public part verifies, and cannot sign" public_part
decrypt() {
	key crypt rsa2048 || return 1
	tpm2 rsaencrypt -Q -c crypt.ctx -s oaep -o secret.enc abc || return 1
	flush
	tpm2 rsadecrypt -Q -c crypt.ctx -s oaep -o secret.dec secret.enc || return 1
	cmp abc secret.dec && ! cmp -s abc secret.enc
}
step "RSA: what was encrypted is decrypted" decrypt
bad_decrypt() {
	tamper secret.enc
	# The library says FAILURE where part 3 has VALUE, and goes on working.
	refused '0x101|0x[12]?[8c]4' tpm2 rsadecrypt -Q -c crypt.ctx -s oaep -o none tampered
}
step "RSA: a tampered cipher text is refused" bad_decrypt
aes() {
	key aes aes128cfb || return 1
	tpm2 encryptdecrypt -Q -c aes.ctx -t zeroes.iv -o aes.enc message || return 1
	flush
	differ "$(hex aes.enc)" "$(hex message)" || return 1
	tpm2 encryptdecrypt -Q -d -c aes.ctx -t zeroes.iv -o aes.dec aes.enc &&
		cmp message aes.dec
}
head -c 16 zeroes >zeroes.iv
step "AES: there and back" aes
hmac() {
	printf Jefe >jefe
	printf 'what do ya want for nothing?' >question
	tpm2 import -Q -C owner.ctx -G hmac -i jefe -u mac.pub -r mac.priv || return 1
	flush
	tpm2 load -Q -C owner.ctx -u mac.pub -r mac.priv -c mac.ctx || return 1
	flush
	same "$(tpm2 hmac -c mac.ctx -g sha256 --hex question)" \
		5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843
}
step "HMAC of RFC 4231, case 2" hmac
ecdh() {
	key dh ecc256:ecdh || return 1
	tpm2 ecdhkeygen -u dh.point -o dh.one -c dh.ctx || return 1
	flush
	tpm2 ecdhzgen -u dh.point -o dh.two -c dh.ctx || return 1
	cmp dh.one dh.two && [ "$(wc -c <dh.one)" -gt 64 ]
}
step "ECDH: both sides have the same secret" ecdh
pin() {
	key pin ecc256:ecdsa:null -p 1234 || return 1
	tpm2 sign -Q -c pin.ctx -p 1234 -g sha256 -o pin.sig message || return 1
	flush
	tpm2 verifysignature -Q -c pin.ctx -g sha256 -m message -s pin.sig
}
step "a key with a PIN signs with the right one" pin
step "and not with a wrong one" refused 0x98e \
	tpm2 sign -Q -c pin.ctx -p 4321 -g sha256 -o none message
foreign() {
	tamper pin.priv
	refused 0x1df tpm2 load -Q -C owner.ctx -u pin.pub -r tampered -c none.ctx
}
step "a tampered private part does not load" foreign
flushed() {
	tpm2 createprimary -Q -C n -G ecc256 -c null.ctx || return 1
	flush
	same "$(tpm2 getcap handles-transient)" "" || return 1
	tpm2 readpublic -Q -c null.ctx
}
step "a flushed object is gone, its saved context is not" flushed

# ---- attestation

ek() {
	tpm2 createek -Q -c ek.ctx -G rsa -u ek.pub -f tss || return 1
	tpm2 readpublic -Q -c ek.ctx -f tss -o ek.pub -n ek.name
	tail -c +3 ek.pub >ek.area
	same "$(hex ek.name)" "000b$(sum 256 ek.area)"
}
step "the endorsement key" ek
if [ "$EK_MANIFEST" = none ]; then
	echo "left out: there is no manifest to compare the endorsement key with"
else
	step "it is the one of the manifest" cmp ek.area "$EK_MANIFEST"
fi
ak() {
	tpm2 createak -Q -C ek.ctx -c ak.ctx -G ecc -g sha256 -s ecdsa -u ak.pub \
		-n ak.name
	got=$?
	flush
	return $got
}
step "an attestation key below it" ak
credential() {
	tpm2 makecredential -Q -T none -u ek.pem -s message -n "$(hex ak.name)" \
		-G rsa -o credential.blob
}
make_credential() {
	tpm2 readpublic -Q -c ek.ctx -f pem -o ek.pem && credential
}
step "a credential for it, made without the TPM" make_credential
ek_session() {
	tpm2 startauthsession -Q --policy-session -S ek.session &&
		tpm2 policysecret -Q -S ek.session -c e
}
activate() {
	ek_session || return 1
	tpm2 activatecredential -Q -c ak.ctx -C ek.ctx -i credential.blob \
		-o activated -P session:ek.session
	got=$?
	tpm2 flushcontext ek.session
	[ $got = 0 ] && cmp message activated
}
step "the TPM activates it" activate
activate_other() {
	ek_session || return 1
	refused 0x1df tpm2 activatecredential -Q -c ecc.ctx -C ek.ctx \
		-i credential.blob -o none -P session:ek.session
	got=$?
	tpm2 flushcontext ek.session
	return $got
}
step "not for another key" activate_other
nonce=00112233445566778899aabbccddeeff
quote() {
	tpm2 pcrextend "16:sha256=$d1" || return 1
	tpm2 quote -Q -c ak.ctx -l sha256:16 -q $nonce -m quote.msg -s quote.sig \
		-o quote.pcr -g sha256 || return 1
	flush
	tpm2 readpublic -Q -c ak.ctx -f pem -o ak.pem || return 1
	# TPM2B of the digest of the PCR: its bytes are inside what is signed.
	digest=$(unhex "$p1" | sum 256)
	case $(hex quote.msg) in ff5443478018*0020$digest*) ;; *)
		echo "not in the quote: $digest"
		return 1
		;;
	esac
}
step "a quote holds the digest of the PCR" quote
check() { # check MESSAGE SIGNATURE NONCE
	tpm2 checkquote -Q -u ak.pem -m "$1" -s "$2" -f quote.pcr -g sha256 -q "$3"
}
step "it is verified" check quote.msg quote.sig $nonce
tampered_quote() {
	tamper quote.msg
	refused 'Verify signature failed' check tampered quote.sig $nonce
}
step "a tampered quote is refused" tampered_quote
step "so is one with another nonce" refused 'Error validating nonce' \
	check quote.msg quote.sig ffeeddccbbaa99887766554433221100
certify() {
	tpm2 certify -Q -c ecc.ctx -C ak.ctx -g sha256 -f plain -o cert.msg -s cert.sig || return 1
	flush
	tpm2 loadexternal -Q -C n -u ak.pub -c akpub.ctx || return 1
	flush
	tpm2 readpublic -Q -c ecc.ctx -n ecc.name || return 1
	case $(hex cert.msg) in ff5443478017*$(hex ecc.name)*) ;; *)
		echo "the key's name is not in it"
		return 1
		;;
	esac
	flush
	tpm2 verifysignature -Q -c akpub.ctx -g sha256 -m cert.msg -f ecdsa -s cert.sig
}
step "the attestation key certifies another" certify

# ---- sealing

seal() {
	tpm2 create -Q -C owner.ctx -i message -u seal.pub -r seal.priv -p pw || return 1
	flush
	tpm2 load -Q -C owner.ctx -u seal.pub -r seal.priv -c seal.ctx || return 1
	flush
	same "$(tpm2 unseal -c seal.ctx -p pw)" "first message"
}
step "what was sealed is unsealed" seal
step "not with a wrong password" refused 0x98e tpm2 unseal -c seal.ctx -p wp
policy() {
	tpm2 startauthsession -Q -S trial.session || return 1
	tpm2 policypcr -Q -S trial.session -l sha256:16 -L pcr.policy || return 1
	tpm2 flushcontext trial.session
	# PolicyPCR: SHA-256(old, code, selection, digest of the PCRs)
	want=$(unhex "${zero32}0000017f00000001000b03000001$(unhex "$p1" | sum 256)" | sum 256)
	same "$(hex pcr.policy)" "$want"
}
step "a policy of PCR 16 is what the sum says" policy
unseal_policy() {
	tpm2 startauthsession -Q --policy-session -S pcr.session &&
		tpm2 policypcr -Q -S pcr.session -l sha256:16 &&
		tpm2 unseal -c pcr.ctx -p session:pcr.session >unsealed
	got=$?
	tpm2 flushcontext pcr.session
	return $got
}
seal_policy() {
	tpm2 create -Q -C owner.ctx -i message -u pcr.pub -r pcr.priv -L pcr.policy \
		-a 'fixedtpm|fixedparent|noda' || return 1
	flush
	tpm2 load -Q -C owner.ctx -u pcr.pub -r pcr.priv -c pcr.ctx || return 1
	flush
	unseal_policy && cmp message unsealed
}
step "sealed to a PCR, unsealed" seal_policy
sealed_off() {
	tpm2 pcrextend "16:sha256=$d2" && refused 0x99d unseal_policy
}
step "not after an extend" sealed_off
back() {
	tpm2 pcrreset 16 && tpm2 pcrextend "16:sha256=$d1" && flush &&
		unseal_policy && cmp message unsealed
}
step "and again when the PCR is as it was" back
encrypted() {
	tpm2 startauthsession -Q --hmac-session -S enc.session -c owner.ctx || return 1
	flush
	tpm2 sessionconfig -Q enc.session --enable-encrypt --enable-decrypt || return 1
	tpm2 unseal -c seal.ctx -p session:enc.session+pw >unsealed
	got=$?
	tpm2 flushcontext enc.session
	[ $got = 0 ] && cmp message unsealed
}
step "unsealed through a salted, encrypted session" encrypted

# ---- non-volatile memory

nv=0x1800001
nv_data() {
	tpm2 nvdefine -Q $nv -C o -s 32 -a 'ownerread|ownerwrite|authread|write_stclear' || return 1
	tpm2 nvwrite -Q $nv -C o -i zeroes && tpm2 nvread $nv -C o -s 32 >nv.out || return 1
	cmp zeroes nv.out && tpm2 nvwrite -Q $nv -C o -i message --offset 3 || return 1
	tpm2 nvread $nv -C o -s 13 --offset 3 >nv.out && cmp message nv.out
}
step "NV: define, write, read" nv_data
nv_public() { same "$(tpm2 nvreadpublic $nv | awk '/size:/ { print $2 }')" 32; }
step "NV: its size is what was asked" nv_public
step "NV: not defined twice" refused 0x14c tpm2 nvdefine -Q $nv -C o -s 32
nv_lock() {
	tpm2 nvwritelock -Q $nv -C o && refused 0x148 tpm2 nvwrite -Q $nv -C o -i zeroes
}
step "NV: no write after a write lock" nv_lock
nv_gone() {
	tpm2 nvundefine -Q $nv -C o && refused 0x18b tpm2 nvread $nv -C o -s 1
}
step "NV: undefined, it is gone" nv_gone
nv_count() {
	tpm2 nvdefine -Q $nv -C o -a 'ownerread|ownerwrite|nt=1' || return 1
	tpm2 nvincrement -Q $nv -C o && tpm2 nvread $nv -C o >nv.one || return 1
	tpm2 nvincrement -Q $nv -C o && tpm2 nvread $nv -C o >nv.two || return 1
	tpm2 nvundefine -Q $nv -C o
	same "$((0x$(hex nv.two)))" "$((0x$(hex nv.one) + 1))"
}
step "NV: a counter counts one" nv_count
nv_extend() {
	tpm2 nvdefine -Q $nv -C o -g sha256 -a 'ownerread|ownerwrite|nt=4' || return 1
	tpm2 nvextend -Q -C o -i abc $nv && tpm2 nvread $nv -C o >nv.out || return 1
	tpm2 nvundefine -Q $nv -C o
	same "$(hex nv.out)" "$(unhex "${zero32}616263" | sum 256)"
}
step "NV: an index extends like a PCR" nv_extend
nv_bits() {
	tpm2 nvdefine -Q $nv -C o -a 'ownerread|ownerwrite|nt=2' || return 1
	tpm2 nvsetbits -Q -C o -i 0x11 $nv && tpm2 nvsetbits -Q -C o -i 0x102 $nv || return 1
	tpm2 nvread $nv -C o >nv.out
	tpm2 nvundefine -Q $nv -C o
	same "$(hex nv.out)" 0000000000000113
}
step "NV: bits are set and stay" nv_bits

# ---- the owner

persist() {
	tpm2 evictcontrol -Q -C o -c owner.ctx 0x81000001 || return 1
	flush
	same "$(name_of 0x81000001)" "$(hex owner.name)"
}
step "a key made persistent is the same key" persist
unpersist() {
	tpm2 evictcontrol -Q -C o -c 0x81000001 || return 1
	refused 0x18b tpm2 readpublic -c 0x81000001
}
step "and is gone when it is not any more" unpersist
clock_value() { tpm2 readclock | awk '/clock:/ { print $2 }'; }
clock() {
	one=$(clock_value)
	sleep 1
	two=$(clock_value)
	[ "$((two - one))" -ge 500 ] && [ "$((two - one))" -le 60000 ] || {
		echo "from $one to $two in a second"
		return 1
	}
}
step "the clock goes" clock
set_clock() {
	tpm2 setclock -Q -c o $(($(clock_value) + 1000000)) && [ "$(clock_value)" -gt "$((two + 900000))" ] &&
		refused 0x1c4 tpm2 setclock -c o "$two"
}
step "it is set forward, never back" set_clock
owner_auth() {
	tpm2 changeauth -Q -c owner ownerpw || return 1
	refused 0x9a2 tpm2 createprimary -Q -C o -G ecc256 -c none.ctx || return 1
	tpm2 createprimary -Q -C o -P ownerpw -G ecc256 -c again.ctx &&
		same "$(name_of again.ctx)" "$(hex owner.name)"
}
step "the owner's password is asked for" owner_auth
lockout() {
	tpm2 dictionarylockout -Q -s -n 3 -t 1000 -l 1000 || return 1
	tpm2 dictionarylockout -Q -c || return 1
	for i in 1 2 3; do
		refused 0x98e tpm2 sign -Q -c pin.ctx -p 4321 -g sha256 -o none message || return 1
		flush
	done
	refused 0x921 tpm2 sign -Q -c pin.ctx -p 1234 -g sha256 -o none message
}
step "three wrong PINs lock the TPM, for the right one, too" lockout
unlock() {
	tpm2 dictionarylockout -Q -c || return 1
	tpm2 sign -Q -c pin.ctx -p 1234 -g sha256 -o pin.sig message
}
step "the lockout authority opens it" unlock
clear_all() {
	tpm2 clear -Q -c l || return 1
	tpm2 createprimary -Q -C o -G ecc256 -c fresh.ctx &&
		differ "$(name_of fresh.ctx)" "$(hex owner.name)"
}
step "after a clear the owner is another: no password, other keys" clear_all
orphan() {
	refused 0x1df tpm2 load -Q -C fresh.ctx -u ecc.pub -r ecc.priv -c none.ctx
}
step "keys of the old owner do not load" orphan
ek_stays() {
	tpm2 createek -Q -c ek.ctx -G rsa -u ek2.pub -f tss || return 1
	tpm2 readpublic -Q -c ek.ctx -f tss -o ek2.pub || return 1
	cmp ek.pub ek2.pub
}
step "the endorsement key stays" ek_stays

echo "$passed of $steps steps passed"
[ "$passed" = "$steps" ]
