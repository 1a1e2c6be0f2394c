# A plain client inside a container, by bash alone.
#   talk.sh new  QUESTION COUNT LIMIT        asks over a connection of its own
#   talk.sh open NAME                        opens a connection that stays, and asks PING once
#   talk.sh ask  NAME QUESTION COUNT LIMIT   asks over that one
# COUNT is the length of the answer in bytes, LIMIT in seconds. Prints what became of it and the microseconds that it took.
export LC_ALL=C
trap '' PIPE

ended() { # by an error of which $1 holds the text, or in good order, after $2 microseconds
    if grep -q 'reset\|Broken pipe' "$1"; then echo "RESET 0"; else echo "CLOSED $2"; fi
}

talk() {
    local count=$1 limit=$2 question=$3 errors=/tmp/errors.$BASHPID line code begun
    read -r -N 7 -t 0.05 line <&3 2>"$errors"
    code=$?
    if [ $code -eq 0 ]; then echo "ANSWERED 0"; return; fi # late, to an earlier question
    if [ $code -le 128 ]; then ended "$errors" 0; return; fi
    begun=${EPOCHREALTIME/./}
    if ! printf '%s\r\n' "$question" 2>"$errors" >&3; then echo "RESET 0"; return; fi
    read -r -N "$count" -t "$limit" line <&3 2>"$errors"
    code=$?
    if [ $code -eq 0 ]; then
        echo "ANSWERED $((${EPOCHREALTIME/./} - begun))"
    elif [ $code -gt 128 ]; then
        echo "SILENT 0"
    else
        ended "$errors" $((${EPOCHREALTIME/./} - begun))
    fi
}

case $1 in
new)
    if exec 3<>/dev/tcp/redis/6379; then talk "$3" "$4" "$2"; fi 2>&1
    ;;
serve)
    exec 4<>"/tmp/$2.in" 5<>"/tmp/$2.out" 3<>/dev/tcp/redis/6379
    while read -r -t 120 count limit question <&4 && [ "$count" != end ]; do
        talk "$count" "$limit" "$question" >&5
    done
    ;;
open)
    mkfifo "/tmp/$2.in" "/tmp/$2.out"
    bash "$0" serve "$2" </dev/null >/dev/null 2>&1 &
    bash "$0" ask "$2" PING 7 5
    ;;
ask)
    exec 4<>"/tmp/$2.in" 5<>"/tmp/$2.out"
    echo "$4 $5 $3" >&4
    read -r -t 10 line <&5 && echo "$line"
    ;;
close)
    exec 4<>"/tmp/$2.in"
    echo end >&4
    ;;
esac
