from django.conf import settings
from django.utils import translation


class LanguageOfTheAddress:
    """Speak the language of the address and nothing else.

    Django's LocaleMiddleware does the same and adds `Vary: Accept-Language` to every English page,
    which would store each of them once per browser in a shared cache.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
