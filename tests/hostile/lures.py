"""Every way we know to spell an address inside, and to lead a crawler to one."""

# Spellings of the machine itself: each must be refused before a connection is begun.
LOOPBACK = """
127.0.0.1 127.0.0.1. 127.1 127.0.1 127.255.255.254 127.0.0.0 0.0.0.0 0 00 0x0 0.0
2130706433 0x7f000001 0x7F000001 0X7f.1 0x7f.0x0.0x0.0x1 017700000001 0177.0.0.1 0177.1 0x7f.0.1 127.0x1 00000177.0.0.01
%31%32%37.0.0.1 127%2e0%2e0%2e1 127。0。0。1 127．0．0．1 127｡0｡0｡1 １２７.0.0.1 ①②⑦.0.0.1 ⑯⑨.254.169.254
localhost LOCALHOST localhost. a.localhost ｌｏｃａｌｈｏｓｔ lo\u00adcalhost
[::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::0001] [::127.0.0.1] [::7f00:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:1::1] [2001:0:7f00:1::] [2001:470::5efe:127.0.0.1]
""".split()  # noqa: SIM905 - a table

# What else is inside: private, link-local, shared, multicast, reserved, and what clouds tell their machines.
INSIDE = """
10.0.0.1 10.255.255.255 012.0.0.1 0xa000001 167772161 172.16.0.1 172.31.255.254 192.168.0.1 0xc0a80001 3232235521 192.168.257
100.64.0.1 100.100.100.200 169.254.0.1 169.254.169.254 169.254.169.253 169.254.170.2 169.254.0.23 2852039166 0xa9fea9fe
0251.0376.0251.0376 169.254.43518 168.63.129.16 192.0.0.192 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
[fe80::1] [fc00::1] [fd00::1] [fd00:ec2::254] [fec0::1] [ff02::1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:10.0.0.1]
[64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::] [2002:a00:1::1] [::10.0.0.1] [2001:db8::1] [100::1] [3fff::1] [5f00::1]
""".split()  # noqa: SIM905 - a table

# Two parsers may read two hosts.
DIFFERENCES = r"""
http://good.test@127.0.0.1:PORT/ http://good.test:80@127.0.0.1:PORT/ http://good.test#@127.0.0.1:PORT/ http://127.0.0.1:PORT#@good.test/
http://127.0.0.1:PORT\@good.test/ http:\\127.0.0.1:PORT\ http:127.0.0.1:PORT/ http:/127.0.0.1:PORT/ http:////127.0.0.1:PORT/
HTTP://127.0.0.1:PORT/ http://127.0.0.1:PORT?@good.test/ http://good.test%40127.0.0.1:PORT/ http://127.0.0.1%23@good.test:PORT/
//127.0.0.1:PORT/ \\127.0.0.1:PORT\
""".split()  # noqa: SIM905 - a table

# Ports at which no web server answers, on a host that may be fetched.
PORTS = (22, 25, 110, 143, 445, 3306, 5432, 6379, 9200, 11211, 27017)

# Names, and what the system's resolver says of them.
NAMES = {
    "inside.test": ["TRAP"],
    "inside6.test": ["::1"],
    "private.test": ["10.0.0.7", "192.168.0.7"],
    "metadata.test": ["169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "nat64.test": ["64:ff9b::7f00:1"],
    "sixtofour.test": ["2002:7f00:1::1"],
    "unique-local.test": ["fd00::1"],
    "linklocal.test": ["fe80::1"],
    "ip6-localhost": ["::1"],
    "127.0.0.1.nip.test": ["127.0.0.1"],
}

# Routes on a page to LURE, a host that the site list counts among the site's own: nothing but the guard keeps the crawler off it.
ROUTES = {
    "a link": '<a href="LURE/a">x</a>',
    "a link to an attachment": '<a href="LURE/a.pdf">x</a><a href="LURE/a.xls">x</a>',
    "a link with credentials": '<a href="http://admin:admin@PLACE/c">x</a>',
    "a base": '<base href="LURE/base/"><a href="x">x</a><link rel=stylesheet href="s.css">',
    "a refresh": '<meta http-equiv=refresh content="0;url=LURE/refresh">',
    "a script that moves on": "<script>location.href='LURE/script'</script>",
    "a frame": '<iframe src="LURE/frame"></iframe><frameset><frame src="LURE/frame2"></frameset>',
    "an image map": '<map><area href="LURE/area"></map>',
    "a style sheet": '<link rel=stylesheet href="LURE/s.css"><p>x',
    "a style sheet that imports": '<style>@import "LURE/i.css";</style><p>x',
    "a sheet that imports": '<link rel=stylesheet href="/imports.css"><p>x',
    "a sheet that moves": '<link rel=stylesheet href="/moves.css"><p>x',
    "data of a list": "<div id=list></div><script>$.ajax({url:'LURE/list.json?page=1',dataType:'json'});fetch('LURE/l.json')</script>",
    "an embedded thing": '<img src="LURE/i.png"><script src="LURE/j.js"></script><object data="LURE/o"></object><embed src="LURE/e">',
    "a form": '<form action="LURE/form" method=get><input name=q></form>',
    "a feed": '<link rel=alternate type="application/rss+xml" href="LURE/feed.xml">',
    "a canonical address": '<link rel=canonical href="LURE/canonical"><link rel=prefetch href="LURE/prefetch">',
    "an entity": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "LURE/entity">]><html>&y;</html>',
}
REDIRECTS = (301, 302, 303, 307, 308)
