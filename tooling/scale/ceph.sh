#!/usr/bin/env bash
# Ceph with its S3 gateway, as small as it gets: one monitor, one manager, one disk in a file, one gateway, on loopback.
#   ceph.sh start FOLDER PORT MONITOR-PORT     returns when the gateway answers at 127.0.0.1:PORT
#   ceph.sh user FOLDER KEY SECRET             makes a user who may make buckets
#   ceph.sh stop FOLDER                        ends what was started; the folder stays
# Needs Debian's ceph-mon, ceph-mgr, ceph-osd, ceph-common and radosgw.
set -euo pipefail
folder=$(readlink -m "$2")
conf=$folder/ceph.conf

# Runs a command of Ceph, within half a minute; what it says is in a file of the folder.
quiet() {
  timeout 30 "$@" >>"$folder/commands.log" 2>&1 || {
    tail -n 20 "$folder/commands.log" >&2
    echo "ceph.sh: $1 failed" >&2
    exit 1
  }
}

write_conf() {
  local port=$1 monitor=$2 cluster
  cluster=$(cat /proc/sys/kernel/random/uuid)
  # One copy of everything: this tests Coffer, not Ceph. No authentication inside; users of S3 have keys all the same.
  cat >"$conf" <<CONF
[global]
fsid = $cluster
mon host = 127.0.0.1:$monitor
mon initial members = m
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
run dir = $folder/run
log file = $folder/\$name.log
pid file = $folder/run/\$name.pid
admin socket = $folder/run/\$name.asok
bluestore block size = 10737418240
osd memory target = 1073741824
[mon.m]
mon data = $folder/mon
[mgr.g]
mgr data = $folder/mgr
[osd.0]
osd data = $folder/osd
[client.rgw.s]
rgw frontends = beast endpoint=127.0.0.1:$port
CONF
  quiet monmaptool --create --addv m "[v1:127.0.0.1:$monitor]" --fsid "$cluster" "$folder/monmap"
}

case $1 in
start)
  mkdir -p "$folder"/{run,mon,mgr,osd}
  write_conf "$3" "$4"
  quiet ceph-mon -c "$conf" -i m --mkfs --monmap "$folder/monmap"
  quiet ceph-mon -c "$conf" -i m
  quiet ceph -c "$conf" osd create
  quiet ceph-mgr -c "$conf" -i g
  quiet ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$(cat /proc/sys/kernel/random/uuid)"
  quiet ceph -c "$conf" osd crush add osd.0 1.0 root=default host=one
  quiet ceph-osd -c "$conf" -i 0
  # The gateway makes its pools when it starts, for which the disk has to be in.
  for _ in $(seq 60); do
    timeout 10 ceph -c "$conf" osd stat 2>/dev/null | grep -q '1 up' && break
    sleep 0.5
  done
  quiet radosgw -c "$conf" -n client.rgw.s
  for _ in $(seq 120); do
    curl -so /dev/null "http://127.0.0.1:$3/" && exit 0
    sleep 0.5
  done
  echo "ceph.sh: the gateway does not answer; its log is in $folder" >&2
  exit 1
  ;;
user)
  quiet radosgw-admin -c "$conf" user create --uid coffer --display-name Coffer --access-key "$3" --secret-key "$4"
  ;;
stop)
  # The gateway first: it waits for the others otherwise.
  for name in client.rgw.s osd.0 mgr.g mon.m; do
    pid=$(cat "$folder/run/$name.pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 40); do kill -0 "$pid" 2>/dev/null && sleep 0.25 || continue 2; done
    kill -9 "$pid" 2>/dev/null || true
  done
  ;;
*)
  echo 'ceph.sh: start, user or stop' >&2
  exit 2
  ;;
esac
