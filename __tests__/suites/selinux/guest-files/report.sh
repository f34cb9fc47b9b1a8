# One line every two seconds, its parts separated by bars: the mode of SELinux, each process of Node with its context,
# the last that the app said, and what the intruder got.
while sleep 2; do
  line="mode: $(getenforce)"
  for process in /proc/[0-9]*; do
    command=$(tr '\0' ' ' 2>/dev/null < "$process/cmdline")
    case $command in
      */bin/node*) line="$line|process: $(tr -d '\0' < "$process/attr/current") $command" ;;
    esac
  done
  if [ -e /var/log/webapp/app.log ]; then
    line="$line|$(tail -n 3 /var/log/webapp/app.log | tr '|' '/' | sed 's/^/app: /' | tr '\n' '|')"
  fi
  if [ -e /var/log/webapp/intruder.log ]; then
    line="$line|$(sed 's/^/intruder: /' /var/log/webapp/intruder.log | tr '\n' '|')"
  fi
  echo "$line|end" > /dev/ttyS1
done
