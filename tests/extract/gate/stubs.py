# ruff: noqa: E501
"""Pages that only stand for an article, written after the shapes of common products."""

from __future__ import annotations

from typing import NamedTuple


class Stub(NamedTuple):
    """One page: what it is, and with which status it comes."""

    name: str
    kind: str
    html: str
    status: int = 200


def page(title: str, body: str, head: str = "", attrs: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}"
        f"</head><body {attrs}>{body}</body></html>"
    )


_MENU = (
    '<header><nav><ul><li><a href="/">Home</a><li><a href="/news">News</a><li><a href="/sport">'
    'Sport</a><li><a href="/culture">Culture</a><li><a href="/weather">Weather</a></ul></nav></header>'
)
_FOOT = (
    '<footer><a href="/about">About us</a> <a href="/privacy">Privacy policy</a> '
    '<a href="/terms">Terms of use</a><p>© 2024 The Marrow Gazette. All rights reserved.</p></footer>'
)
_CARDS = (
    "<section><h2>Latest stories</h2>"
    + "".join(
        f'<div class="card"><h3><a href="/s/{i}">Council agrees on plan number {i} for the old quay</a>'
        f"</h3><p>The vote came after two hours of debate.</p></div>"
        for i in range(6)
    )
    + "</section>"
)


def site(title: str, body: str, head: str = "", attrs: str = "") -> str:
    return page(title, f"{_MENU}<main>{body}</main>{_CARDS}{_FOOT}", head, attrs)


_CAPTCHA = [
    ("cloudflare-wait", page(
        "Just a moment...",
        '<div class="main-wrapper" role="main"><div class="main-content"><h1>news.example.org</h1>'
        "<p>Checking if the site connection is secure</p><noscript>Enable JavaScript and cookies to "
        'continue</noscript></div></div><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/'
        'chl_page/v1?ray=8a"></script>'), 403),
    ("cloudflare-wait-200", page(
        "Just a moment...",
        '<div id="challenge-error-text">Enable JavaScript and cookies to continue</div>'
        '<script src="/cdn-cgi/challenge-platform/h/b/x.js"></script>'), 200),
    ("cloudflare-fr", page(
        "Un instant…",
        "<h1>news.example.org</h1><p>Vérification de la sécurité de votre connexion avant de "
        "continuer. Vérifiez que vous êtes humain.</p>"
        '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'), 403),
    ("cloudflare-blocked", page(
        "Attention Required! | Cloudflare",
        '<div id="cf-error-details"><h1>Sorry, you have been blocked</h1><h2>You are unable to access '
        "news.example.org</h2><h2>Why have I been blocked?</h2><p>This website is using a security "
        "service to protect itself from online attacks. The action you just performed triggered the "
        "security solution. There are several actions that could trigger this block including "
        "submitting a certain word or phrase, a SQL command or malformed data.</p><h2>What can I do "
        "to resolve this?</h2><p>You can email the site owner to let them know you were blocked. "
        "Please include what you were doing when this page came up and the Cloudflare Ray ID found at "
        "the bottom of this page.</p><p>Performance &amp; security by Cloudflare</p></div>"), 403),
    ("datadome", page(
        "news.example.org",
        "<p id=cmsg>Please enable JS and disable any ad blocker</p><script data-cfasync=false>"
        "var dd={'rt':'c','cid':'AHr','host':'geo.captcha-delivery.com'}</script>"
        '<script src="https://ct.captcha-delivery.com/c.js"></script>'), 200),
    ("perimeterx", page(
        "Access to this page has been denied",
        '<div class="px-captcha-container"><div class="px-captcha-header">Press &amp; Hold to confirm '
        "you are a human (and not a bot).</div><p>Reference ID 8b1e4c</p></div>"
        '<div id="px-captcha"></div>'), 403),
    ("akamai", page(
        "Access Denied",
        '<h1>Access Denied</h1>You don\'t have permission to access "http://news.example.org/a" on '
        "this server.<p>Reference #18.2d3a1602.1718</p>"), 403),
    ("akamai-200", page(
        "Access Denied",
        '<h1>Access Denied</h1>You don\'t have permission to access "http://news.example.org/a" on '
        "this server.<p>Reference #18.2d3a1602.1718</p>"), 200),
    ("incapsula", page(
        "", '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=23&xinfo=9" height="100%">'
        "Request unsuccessful. Incapsula incident ID: 443000270-18</iframe>"), 200),
    ("recaptcha-wall", page(
        "Are you a robot?",
        "<h1>Please verify you are a human</h1><p>We have detected unusual traffic from your network. "
        "To continue, complete the security check below.</p><div class=g-recaptcha></div>"
        '<script src="https://www.google.com/recaptcha/api.js"></script>'), 200),
    ("hcaptcha-wall", page(
        "Security check",
        "<h2>One more step</h2><p>Please complete the security check to access news.example.org</p>"
        '<form id="challenge-form"><div class="h-captcha"></div></form>'
        '<script src="https://hcaptcha.com/1/api.js"></script>'), 200),
    ("bloomberg-like", page(
        "Are you a robot?",
        "<h1>We've detected unusual activity from your computer network</h1><p>To continue, please "
        "click the box below to let us know you're not a robot.</p><h3>Why did this happen?</h3><p>"
        "Please make sure your browser supports JavaScript and cookies and that you are not blocking "
        "them from loading.</p>"), 200),
    ("distil", page(
        "Pardon Our Interruption",
        "<h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made "
        "us think you were a bot. There are a few reasons this might happen:</p><ul><li>You're a power "
        "user moving through this website with super-human speed.</li><li>You've disabled cookies in "
        "your web browser.</li></ul>"), 200),
    ("aws-waf", page(
        "Human Verification",
        '<div id="captcha-container"></div><script src="https://x.token.awswaf.com/x/challenge.js">'
        "</script><noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify "
        "that you're not a robot. This requires JavaScript.</noscript>"), 405),
    ("anubis", page(
        "Making sure you're not a bot!",
        "<h1>Making sure you're not a bot!</h1><p>Loading...</p><details><p>You are seeing this because "
        "the administrator of this website has set up Anubis to protect the server.</p></details>"
        '<script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>'), 200),
    ("ddos-guard", page(
        "DDOS-GUARD",
        "<h1>Checking your browser before accessing news.example.org</h1><p>This process is automatic. "
        'Your browser will redirect shortly.</p><script src="/.well-known/ddos-guard/js-challenge/'
        'index.js"></script>'), 403),
    ("captcha-de", page(
        "Sicherheitsüberprüfung",
        "<h1>Bitte bestätigen Sie, dass Sie kein Roboter sind</h1><p>Ungewöhnlicher Datenverkehr aus "
        "Ihrem Netzwerk.</p><div class=g-recaptcha></div>"), 200),
    ("captcha-es", page(
        "Verificación de seguridad",
        "<h1>Verifica que eres humano</h1><p>Hemos detectado tráfico inusual desde tu red.</p>"
        "<div class=g-recaptcha></div>"), 200),
    ("captcha-ru", page(
        "Ой!",
        "<h1>Подтвердите, что вы не робот</h1><p>Запросы с вашего устройства похожи на "
        "автоматические.</p><form class=captcha-form></form>"), 200),
    ("captcha-zh", page(
        "安全验证", "<h1>请完成安全验证</h1><p>访问过于频繁，请输入验证码后继续访问。</p>"), 200),
    ("captcha-ja", page(
        "確認", "<h1>ロボットではないことを確認してください</h1><p>通常と異なるアクセスが検出されました。</p>"), 200),
    ("rate-limit", page("Too Many Requests", "<h1>429 Too Many Requests</h1><p>You are being rate "
                        "limited.</p>"), 429),
]  # fmt: skip

_VENDORS = (
    "<p>We and our partners store and/or access information on a device, such as unique IDs in cookies "
    "to process personal data. You may accept or manage your choices by clicking below, including your "
    "right to object where legitimate interest is used, or at any time in the privacy policy page.</p>"
    "<p>We and our partners process data to provide: personalised ads and content, ad and content "
    "measurement, audience research and product development.</p>"
)
_CONSENT = [
    ("onetrust-wall", page(
        "The Marrow Gazette",
        f'<div id="onetrust-consent-sdk"><h2>We value your privacy</h2>{_VENDORS}<button>Reject All'
        "</button><button>Accept All</button></div>"), 200),
    ("sourcepoint-wall", page(
        "Privacy settings",
        '<div id="sp_message_container_1"><iframe src="https://cdn.privacy-mgmt.com/index.html"></iframe>'
        f"<h1>With advertising or with a subscription</h1>{_VENDORS}<button>Accept and continue</button>"
        "<p>Consent or pay: read without tracking for 2.99 a month.</p></div>"), 200),
    ("sourcepoint-de", page(
        "Zustimmung zum Datenschutz",
        '<div id="sp_message_container_9"><h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie uns wie gewohnt '
        "mit Werbung und Tracking. Ihre Zustimmung ist jederzeit widerrufbar.</p><p>Wir und unsere Partner "
        "verarbeiten personenbezogene Daten mit Hilfe von Cookies. Personalisierte Anzeigen und Inhalte, "
        "Anzeigen- und Inhaltsmessungen, Erkenntnisse über Zielgruppen.</p><button>Akzeptieren und weiter"
        "</button><h2>oder Pur-Abo</h2><p>Bereits Abonnent? Hier anmelden.</p></div>"), 200),
    ("didomi-fr", page(
        "Le Courrier de la côte",
        '<div id="didomi-host"><h1>Nous respectons votre vie privée</h1><p>Avec votre accord, nos '
        "partenaires et nous utilisons des cookies pour stocker, consulter et traiter des données "
        "personnelles. Vous pouvez retirer votre consentement à tout moment.</p><button>Accepter et "
        "fermer</button><button>Continuer sans accepter</button><button>Paramétrer les cookies</button>"
        "</div>"), 200),
    ("usercentrics-de", page(
        "Datenschutzeinstellungen",
        '<div id="usercentrics-root"></div><h1>Wir verwenden Cookies</h1><p>Wir verwenden Cookies und '
        "benötigen Ihre Einwilligung. Alle akzeptieren. Ablehnen. Cookie-Einstellungen.</p>"), 200),
    ("quantcast", page(
        "Marrow Gazette",
        f'<div class="qc-cmp2-container"><h2>We value your privacy</h2>{_VENDORS}<button>More options'
        "</button><button>Agree and continue</button></div>"), 200),
    ("google-wall", page(
        "Before you continue",
        "<h1>Before you continue</h1><p>We use cookies and data to deliver and maintain services, track "
        "outages and protect against spam. If you choose to accept all, we will also use cookies to "
        "develop new services.</p><button>Reject all</button><button>Accept all</button><p>Personalised "
        "content and ads can also include more relevant results. Select “Manage options” to see "
        "additional information.</p>"), 200),
    ("yahoo-like", page(
        "Your privacy choices",
        '<form class="consent-form" action="/copyConsent"><h1>We value your privacy</h1><p>When you use our '
        "sites and apps, we use cookies to provide our sites and apps to you and to authenticate users."
        "</p><p>If you click 'Accept all', we and our partners will also store and/or access information "
        "on a device and use precise location data for personalised advertising, audience research.</p>"
        "<button>Accept all</button><button>Reject all</button><button>Privacy settings</button></form>"), 200),
    ("iubenda-it", page(
        "Informativa",
        '<div id="iubenda-cs-banner"><h1>Il rispetto della tua privacy è la nostra priorità</h1><p>Noi e i '
        "nostri partner utilizziamo i cookie. Puoi accettare o rifiutare il trattamento dei dati "
        "personali.</p><button>Accetta tutti</button><button>Continua senza accettare</button></div>"), 200),
    ("didomi-es", page(
        "El Faro de Valmar",
        '<div id="didomi-popup"><h1>Tu privacidad es importante para nosotros</h1><p>Nosotros y nuestros '
        "socios utilizamos cookies para el tratamiento de datos personales. Suscríbete o acepta las "
        "cookies para seguir navegando.</p><button>Aceptar y continuar</button><button>Rechazar y "
        "suscribirse</button><button>Configurar cookies</button></div>"), 200),
    ("consent-nl", page(
        "Cookies",
        "<h1>Wij gebruiken cookies</h1><p>Wij en onze partners gebruiken cookies om persoonsgegevens te "
        "verwerken. Geef toestemming om verder te gaan.</p><button>Alles accepteren</button><button>"
        "Cookie-instellingen</button>"), 200),
    ("consent-pl", page(
        "Twoja prywatność",
        '<div id="cmpbox"><h1>Dbamy o Twoją prywatność</h1><p>My i nasi partnerzy przechowujemy informacje na '
        "urządzeniu i przetwarzamy dane osobowe.</p><button>Przejdź do serwisu</button><button>Ustawienia "
        "zaawansowane</button><button>Akceptuję wszystkie</button></div>"), 200),
]  # fmt: skip

_MISSING = [
    ("nginx-404", "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1>"
     "</center><hr><center>nginx/1.24.0</center></body></html>", 404),
    ("apache-404", '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found'
     "</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p>"
     "</body></html>", 200),
    ("wordpress", site(
        "Page not found – The Marrow Gazette",
        '<section class="error-404 not-found"><h1>Oops! That page can’t be found.</h1><p>It looks like '
        "nothing was found at this location. Maybe try a search?</p><form><input type=search></form>"
        "</section>", attrs='class="error404 wp-singular"'), 200),
    ("spa", page("404: This page could not be found", '<div id="__next"><h1>404</h1><h2>This page could '
                 "not be found.</h2></div>"), 200),
    ("news-removed", site(
        "Sorry, this page is no longer available | The Marrow Gazette",
        "<h1>Sorry, we couldn't find that page</h1><p>The link you followed may be broken, or the page may "
        "have been removed. Try searching for it or go to the homepage.</p>"), 200),
    ("article-gone", site(
        "The Marrow Gazette",
        "<h1>This article is no longer available</h1><p>For legal reasons we keep stories of our partners "
        "for thirty days only.</p>"), 200),
    ("fr", site("Page introuvable - Le Courrier", "<h1>Erreur 404</h1><p>La page que vous recherchez "
                "n'existe pas ou a été déplacée.</p>"), 200),
    ("de", site("Seite nicht gefunden | Elsapost", "<h1>Seite nicht gefunden</h1><p>Die von Ihnen gesuchte "
                "Seite existiert leider nicht oder wurde verschoben.</p>"), 200),
    ("es", site("Página no encontrada", "<h1>Error 404</h1><p>Lo sentimos, la página que buscas no "
                "existe.</p>"), 200),
    ("it", site("Pagina non trovata", "<h1>Pagina non trovata</h1><p>La pagina che stai cercando non "
                "esiste.</p>"), 200),
    ("pt", site("Página não encontrada", "<h1>Página não encontrada</h1><p>A página que você procura não "
                "existe ou foi removida.</p>"), 200),
    ("ru", site("Страница не найдена", "<h1>404</h1><p>К сожалению, запрашиваемая страница не найдена. "
                "Возможно, она была удалена.</p>"), 200),
    ("pl", site("Nie znaleziono strony", "<h1>Strona nie została znaleziona</h1><p>Przepraszamy, strona, "
                "której szukasz, nie istnieje.</p>"), 200),
    ("ja", site("ページが見つかりません", "<h1>お探しのページは見つかりませんでした</h1><p>削除されたか、URLが"
                "変更された可能性があります。</p>"), 200),
    ("zh", site("页面不存在", "<h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p>"), 200),
    ("ar", site("الصفحة غير موجودة", "<h1>الصفحة غير موجودة</h1><p>عذرا، الصفحة التي تبحث عنها غير "
                "موجودة.</p>"), 200),
    ("el", site("Η σελίδα δεν βρέθηκε", "<h1>404</h1><p>Η σελίδα που ζητήσατε δεν βρέθηκε.</p>"), 200),
    ("tr", site("Sayfa bulunamadı", "<h1>Sayfa bulunamadı</h1><p>Aradığınız sayfa bulunamadı veya "
                "kaldırıldı.</p>"), 200),
    ("nl", site("Pagina niet gevonden", "<h1>Pagina niet gevonden</h1><p>De pagina die je zoekt bestaat "
                "niet (meer).</p>"), 200),
]  # fmt: skip

_BROKEN = [
    ("nginx-502", "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>"
     "</center><hr><center>nginx</center></body></html>", 200),
    ("apache-503", "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable"
     "</h1><p>The server is temporarily unable to service your request due to maintenance downtime or "
     "capacity problems. Please try again later.</p></body></html>", 503),
    ("iis-500", page("IIS 10.0 Detailed Error - 500.0 - Internal Server Error", "<h1>Server Error in "
                     "Application</h1><h2>HTTP Error 500.0 - Internal Server Error</h2><p>The page cannot "
                     "be displayed because an internal server error has occurred.</p>"), 500),
    ("wordpress-db", page("Database Error", "<h1>Error establishing a database connection</h1>"), 200),
    ("wordpress-fatal", page("WordPress › Error", "<p>There has been a critical error on this website.</p>"
                             "<p><a href=x>Learn more about troubleshooting.</a></p>"), 200),
    ("maintenance", page("Site under maintenance", "<h1>We'll be back soon!</h1><p>Sorry for the "
                         "inconvenience. We're performing some scheduled maintenance at the moment.</p>"), 200),
    ("cloudflare-522", page("news.example.org | 522: Connection timed out", "<h1>Connection timed out "
                            "Error code 522</h1><p>The initial connection between Cloudflare's network and "
                            "the origin web server timed out.</p>"), 522),
    ("geo-block", page("Unavailable for legal reasons", "<h1>451: Unavailable for legal reasons</h1><p>We "
                       "recognize you are attempting to access this website from a country belonging to "
                       "the European Economic Area (EEA) and therefore access cannot be granted at this "
                       "time.</p>"), 451),
    ("geo-block-200", page("Unavailable", "<p>Sorry, this content is not available in your region.</p>"), 200),
    ("apache-default", page("Apache2 Ubuntu Default Page: It works", "<h1>Apache2 Ubuntu Default Page</h1>"
                            "<h2>It works!</h2><p>This is the default welcome page used to test the correct "
                            "operation of the Apache2 server.</p>"), 200),
    ("parked", page("marrowgazette.example", "<h1>This domain may be for sale</h1><p>Inquire about this "
                    "domain.</p>"), 200),
    ("forbidden", page("403 Forbidden", "<h1>Forbidden</h1><p>You do not have access.</p>"), 403),
    ("de-500", page("Interner Serverfehler", "<h1>Es ist ein Fehler aufgetreten</h1><p>Bitte versuchen "
                    "Sie es später erneut.</p>"), 200),
    ("fr-503", page("Service temporairement indisponible", "<h1>Site en maintenance</h1><p>Nous revenons "
                    "très vite.</p>"), 200),
]  # fmt: skip

_LOGIN = [
    ("form", page("Sign in", '<h1>Sign in to your account</h1><form class=login-form><input name=user>'
                  "<input type=password><button>Sign in</button><a href=x>Forgot password?</a></form>"), 200),
    ("member-wall", site("The Marrow Gazette", "<h1>Log in to continue</h1><form><label>Email or username"
                         "</label><input><label>Password</label><input type=password><label>Remember me"
                         "</label></form><p>Don't have an account? Create an account.</p>"), 200),
    ("social", page("Log into Facebook", "<h2>You must be logged in to continue.</h2><form><input "
                    "type=password><a>Forgot password?</a><a>Create new account</a></form>"), 200),
    ("basic-auth", page("401 Authorization Required", "<h1>401 Authorization Required</h1>"), 401),
    ("fr", page("Connexion", "<h1>Connectez-vous pour continuer</h1><form><label>Mot de passe</label><input "
                "type=password><a>Mot de passe oublié ?</a></form>"), 200),
    ("de", page("Anmelden", "<h1>Bitte melden Sie sich an</h1><form><label>Passwort</label><input "
                "type=password><a>Passwort vergessen?</a><label>Angemeldet bleiben</label></form>"), 200),
    ("es", page("Iniciar sesión", "<h1>Inicia sesión</h1><form><label>Contraseña</label><input type=password>"
                "<a>¿Olvidaste tu contraseña?</a></form>"), 200),
    ("ja", page("ログイン", "<h1>ログイン</h1><form><label>パスワード</label><input type=password><a>"
                "パスワードをお忘れの方</a></form>"), 200),
]  # fmt: skip


def walled(lead: str, wall: str, free: str = "false") -> str:
    head = (
        '<meta property="og:type" content="article"><script type="application/ld+json">'
        '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Harbour town votes to '
        f'rebuild its wall","datePublished":"2024-03-12","isAccessibleForFree":{free}}}</script>'
    )
    title = "Harbour town votes to rebuild its wall"
    return site(
        f"{title} | The Marrow Gazette",
        f"<article><h1>{title}</h1><p>{lead}</p>{wall}</article>",
        head,
    )


_LEAD = "The people of Marrow Bay voted by a wide margin to rebuild their wall…"
_PAYWALL = [
    ("piano", walled(_LEAD, '<div class="tp-container-inner" id="piano-offer"><h2>Subscribe to continue '
                     "reading</h2><p>Already a subscriber? Log in.</p><p>Get unlimited access from £1 a "
                     "week.</p></div>"), 200),
    ("poool", walled("Les habitants ont voté à une large majorité…", '<div id="poool-widget"><h2>Cet article '
                     "est réservé aux abonnés</h2><p>Déjà abonné ? Connectez-vous.</p></div>"), 200),
    ("de-plus", walled("Die Brücke ist seit zwei Jahren gesperrt.", '<div class="paywall"><h2>Jetzt weiterlesen'
                       "</h2><p>Sie sind bereits Abonnent? Jetzt anmelden.</p><p>Jederzeit kündbar.</p></div>"), 200),
    ("es", walled("Los vecinos votaron por una amplia mayoría.", '<div class="paywall"><h2>Suscríbete para '
                  "seguir leyendo</h2><p>¿Ya eres suscriptor? Inicia sesión.</p></div>"), 200),
    ("metered", walled(_LEAD, '<div class="regwall"><h2>You have reached your limit of free articles</h2>'
                       "<p>Create a free account to continue reading.</p></div>", "true"), 200),
    ("bare", site("Members only", '<div class="leaky_paywall_message_wrap"><h2>This content is for members '
                  "only</h2><p>Subscribe to unlock this article. Already a member? Log in.</p></div>"), 200),
    ("ja", walled("港町の住民は防潮堤の再建に賛成した。", '<div class="paywall"><p>この記事は有料会員記事です。残り'
                  "1200文字</p><p>続きを読むには会員登録が必要です。</p></div>"), 200),
    ("it", walled("Gli abitanti hanno votato.", '<div class="paywall"><h2>Questo articolo è riservato agli '
                  "abbonati</h2><p>Sei già abbonato? Accedi.</p></div>"), 200),
    ("402", page("Payment required", "<h1>Subscribe to read</h1><p>This article is for subscribers. Already "
                 "a subscriber? Sign in.</p>"), 402),
]  # fmt: skip

_EMPTY = [
    ("nothing", "", 200),
    ("bare", "<html><head></head><body></body></html>", 200),
    ("spa-shell", page("The Marrow Gazette", '<noscript>You need to enable JavaScript to run this app.'
                       '</noscript><div id="root"></div><script src="/static/js/main.js"></script>'), 200),
    ("vue-shell", page("Gazette", "<noscript><strong>We're sorry but gazette doesn't work properly without "
                       "JavaScript enabled. Please enable it to continue.</strong></noscript><div id=app>"
                       "</div>"), 200),
    ("redirect", '<html><head><meta http-equiv="refresh" content="0;url=/b"></head><body></body></html>', 200),
    ("template-only", page("The Marrow Gazette", f"{_MENU}<main></main>{_FOOT}"), 200),
]  # fmt: skip

_OTHER = [
    ("json", '{"error": {"code": 17, "message": "no such article"}, "data": []}', 200),
    ("rss", '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>', 200),
    ("pdf", "%PDF-1.7\n%\ufffd\ufffd\n1 0 obj << /Type /Catalog >> endobj", 200),
    ("plain", "User-agent: *\nDisallow: /private\nSitemap: https://x.example/s.xml\n", 200),
    ("binary", "\ufffd" * 60 + "abc" + "\ufffd" * 60, 200),
]  # fmt: skip


def stubs() -> list[Stub]:
    """Every page with its kind; a page with a status of failure may be any refused kind."""
    groups = [
        ("captcha", _CAPTCHA), ("consent", _CONSENT), ("soft_404", _MISSING),
        ("error_page", _BROKEN), ("login", _LOGIN), ("paywall_stub", _PAYWALL), ("empty", _EMPTY),
        ("not_html", _OTHER),
    ]  # fmt: skip
    return [Stub(f"{kind}-{name}", kind, html, status)
            for kind, group in groups for name, html, status in group]  # fmt: skip
