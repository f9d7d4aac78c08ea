#!/bin/sh
# Runs a program as Lambda runs a function: nothing can be written but /tmp, which is empty and holds 512 MB, by a user
# whom nobody knows. It is to be started in a mount namespace of its own, by its root:
#   confine.sh <folder for its own use> <folders that stay to be seen if they are below /tmp>... -- <program>...
set -eu

fresh=$1/tmp
mkdir "$fresh"
mount -n -t tmpfs -o size=512m,mode=1777 tmpfs "$fresh"
shift
while [ "$1" != -- ]; do
    case $1 in /tmp/*)
        mkdir -p "$fresh/${1#/tmp/}"
        mount -n --bind "$1" "$fresh/${1#/tmp/}"
        mount -n -o remount,bind,ro "$fresh/${1#/tmp/}"
    esac
    shift
done
shift

mount -n --move "$fresh" /tmp
while read -r _ place _; do
    case $place in
    /tmp | /tmp/* | /proc | /proc/* | /sys | /sys/*) ;;
    *) mount -n -o remount,bind,ro "$place" ;;
    esac
done </proc/self/mounts

# Root may become anybody; others only in a namespace of users of their own.
if setpriv --reuid=64000 --regid=64000 --clear-groups true 2>/dev/null; then
    exec setpriv --reuid=64000 --regid=64000 --clear-groups --no-new-privs -- "$@"
fi
exec unshare --user --map-user=64000 --map-group=64000 -- "$@"
