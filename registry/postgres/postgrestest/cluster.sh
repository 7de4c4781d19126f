# SPDX-FileCopyrightText: 2026 The Allmende authors
#
# SPDX-License-Identifier: EUPL-1.2

# Runs a throw-away PostgreSQL in a folder until standard input ends, and removes
# the folder: cluster.sh BIN FOLDER CONF HBA. It is reached by a socket in the folder,
# and as the lines of postgresql.conf and pg_hba.conf say that are given. Says
# "started", or what is wrong. A line "stop" on standard input ends the server at
# once, as a crash would, and "start" starts it again; it says "stopped", "started".
set -eu
bin=$1 dir=$2 conf=$3 hba=$4
log=$dir/log
end() {
  "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 1' HUP INT TERM
cd "$dir"
"$bin/initdb" -D "$dir/data" -U allmende -A trust -E UTF8 --locale=C --no-sync >"$log" 2>&1 || { cat "$log"; exit 1; }
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 200
$conf
CONF
printf 'local all all trust\n%s\n' "$hba" >"$dir/data/pg_hba.conf"
start() {
  "$bin/pg_ctl" -D "$dir/data" -l "$log" -w start >/dev/null 2>&1 || { cat "$log"; exit 1; }
  echo started
}
start
while read -r what; do
  case $what in
    stop) "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 && echo stopped ;;
    start) start ;;
  esac
done
