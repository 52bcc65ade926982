# The site behind Varnish: https ends in front of it (nginx, or hitch), which passes X-Forwarded-For and -Proto on.
# What may be kept, and for how long, the site says in CDN-Cache-Control (CDN_SECONDS); browsers never see that header.
# CDN_PURGE_METHOD=BAN, CDN_PURGE_URL=http://<this address>/ tells it when the site has changed.
vcl 4.1;

import std;

backend default {
  .host = "127.0.0.1";
  .port = "8000";
  .connect_timeout = 3s;
  .first_byte_timeout = 35s;
  .probe = {
    .request = "GET /robots.txt HTTP/1.1" "Host: localhost" "X-Forwarded-Proto: https" "Connection: close";
    .interval = 3s;
    .timeout = 2s;
    .window = 3;
    .threshold = 2;
    .initial = 2;
  }
}

# The machines of the site.
acl ours {
  "127.0.0.1";
  "::1";
}

sub vcl_recv {
  if (req.method == "BAN") {
    if (client.ip !~ ours || !req.http.Surrogate-Key) {
      return (synth(403, "Forbidden"));
    }
    # It is thrown away: who asks next waits until it is made, and nobody sees what was there before.
    ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, "[^a-z0-9-]+", "|") + ")($|\s)");
    return (synth(200, "Banned"));
  }
  if (req.method != "GET" && req.method != "HEAD") {
    return (pass);
  }
  if (req.url ~ "^/(es/)?(admin|preview)/") {
    return (pass);
  }
  # Old pages are for while the site is away; else one reader at most gets one, while it is made anew.
  if (std.healthy(req.backend_hint)) {
    set req.grace = 60s;
  }
  # The public site knows no sessions: a cookie of the staff changes nothing on it.
  unset req.http.Cookie;
  return (hash);
}

sub vcl_backend_response {
  if (beresp.status >= 500 && bereq.is_bgfetch) {
    return (abandon);
  }
  if (beresp.status == 200 && !beresp.http.Set-Cookie && beresp.http.CDN-Cache-Control ~ "max-age=\d+") {
    set beresp.ttl = std.duration(regsub(beresp.http.CDN-Cache-Control, ".*\bmax-age=(\d+).*", "\1s"), 0s);
    set beresp.grace = std.duration(
      regsub(beresp.http.CDN-Cache-Control, ".*\bstale-if-error=(\d+).*", "\1s"), 10s);
  } elsif (beresp.status == 200 && !beresp.http.Set-Cookie && beresp.http.Cache-Control ~ "public.*s-maxage=\d+") {
    # A picture is asked for anew after as long as Cache-Control grants to shared caches.
    set beresp.ttl = std.duration(regsub(beresp.http.Cache-Control, ".*\bs-maxage=(\d+).*", "\1s"), 0s);
    set beresp.grace = 0s;
  } else {
    set beresp.uncacheable = true;
    set beresp.ttl = 10s; # for which it is known that each has to ask
  }
  return (deliver);
}

sub vcl_backend_error {
  if (bereq.is_bgfetch) {
    return (abandon);
  }
  return (deliver);
}

sub vcl_deliver {
  unset resp.http.CDN-Cache-Control;
  unset resp.http.Surrogate-Key;
  unset resp.http.X-Varnish;
  unset resp.http.Via;
  if (obj.hits > 0) {
    set resp.http.X-Cache = "hit";
  } else {
    set resp.http.X-Cache = "miss";
  }
}
