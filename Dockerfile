# docker build -t sms-emulator .
# docker run --rm -p 127.0.0.1:7670:7670 sms-emulator
# Every option of `sms-emulator serve --help` is an environment variable: docker run -e EMULATOR_SEED=7 ...

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Without pip in it: the build's own pip fills it from outside.
RUN python -m venv --without-pip /opt/sms-emulator
COPY requirements.lock ./
RUN python -m pip --python /opt/sms-emulator/bin/python install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY emulator/ emulator/
COPY fixtures/ fixtures/
RUN python -m pip wheel --no-deps --wheel-dir /dist . \
 && python -m pip --python /opt/sms-emulator/bin/python install --no-deps --no-index /dist/*.whl

FROM python:3.12-slim
LABEL org.opencontainers.image.title="sms-emulator" \
      org.opencontainers.image.description="Speaks the HTTP dialects of real SMS providers: swap the host, keep your code." \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin emulator
COPY --from=build /opt/sms-emulator /opt/sms-emulator
ENV PATH=/opt/sms-emulator/bin:$PATH PYTHONUNBUFFERED=1 EMULATOR_HOST=0.0.0.0
WORKDIR /home/emulator
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 7670
# Past any HTTP_PROXY that the engine hands to its containers.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["python", "-c", "\
import os, urllib.request as web; \
url = 'http://127.0.0.1:' + os.environ.get('EMULATOR_PORT', '7670') + '/_emulator/health'; \
web.build_opener(web.ProxyHandler({})).open(url, timeout=2)"]
ENTRYPOINT ["sms-emulator"]
CMD ["serve"]
